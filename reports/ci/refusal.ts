/** What a CI system is told where a command ends before there is a result or a comparison to report. */
import { escapeMarkdown, markup } from '../markup.ts'
import { workflowCommands } from './workflow-commands.ts'

const renderMarkdown = (reason: string): string => `**pushbench:** ${escapeMarkdown(reason)}\n`

const renderAnnotations = (reason: string): string =>
  workflowCommands([{ severity: 'error', title: 'pushbench', message: reason }])

const renderJunit = (reason: string): string =>
  markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pushbench" tests="1" failures="0" errors="1">
  <testsuite name="pushbench" tests="1" failures="0" errors="1" skipped="0" time="0">
    <testcase classname="pushbench" name="refused" time="0">
      <error type="refused" message="${reason}"/>
    </testcase>
  </testsuite>
</testsuites>
`.markup

/** What a CI system reads, by format; each takes the reason, a sentence without a full stop. */
export const refusalFormats: Readonly<
  Record<'markdown' | 'annotations' | 'junit', (reason: string) => string>
> = { markdown: renderMarkdown, annotations: renderAnnotations, junit: renderJunit }
