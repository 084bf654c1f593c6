/** What is written in place of a comparison where there is nothing to compare with, so that a new baseline begins. */
import { workflowCommands } from '../ci/workflow-commands.ts'
import { escapeMarkdown, markup } from '../markup.ts'

const title = 'a new baseline begins'

const renderMarkdown = (reason: string): string =>
  `## pushbench: ${title}\n\nNothing was compared: ${escapeMarkdown(reason)}.\n`

const renderAnnotations = (reason: string): string =>
  workflowCommands([
    { severity: 'notice', title: `pushbench: ${title}`, message: `nothing was compared: ${reason}` },
  ])

const renderJunit = (reason: string): string =>
  markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pushbench compare" tests="1" failures="0" errors="0">
  <testsuite name="pushbench" tests="1" failures="0" errors="0" skipped="1" time="0">
    <testcase classname="pushbench" name="${title}" time="0">
      <skipped>nothing was compared: ${reason}</skipped>
    </testcase>
  </testsuite>
</testsuites>
`.markup

/** What a CI system reads, by format; each takes the reason, a sentence without a full stop. */
export const newBaselineFormats: Readonly<
  Record<'markdown' | 'annotations' | 'junit', (reason: string) => string>
> = { markdown: renderMarkdown, annotations: renderAnnotations, junit: renderJunit }
