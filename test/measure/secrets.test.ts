import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskerOf } from '../../measure/messages/secrets.ts'

const key = '-----BEGIN KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END KEY-----'
const mask = maskerOf({
  GITHUB_TOKEN: 'ghs_abcdef',
  DB_PASSWORD: 'ghs_abcdefgh',
  client_secret: 's3cr3t-value',
  DEPLOY_KEY: key,
  KEY_COUNT: '12',
  HOME: '/home/someone',
  EMPTY_TOKEN: '',
})

for (const [written, shown] of [
  ['token ghs_abcdef.', 'token ***.'],
  ['the longer one: ghs_abcdefgh', 'the longer one: ***'],
  ['s3cr3t-values3cr3t-value', '******'],
  ['a line of a key: BgkqhkiG9w0B', 'a line of a key: ***'],
  [`the whole key: ${key}`, 'the whole key: ***'],
  ['12 clients in /home/someone', '12 clients in /home/someone'],
  ['postgres://user:p%40ss@db:5432/x', 'postgres://user:***@db:5432/x'],
  ['http://127.0.0.1:8080/events', 'http://127.0.0.1:8080/events'],
] as const)
  test(JSON.stringify(written), () => assert.equal(mask(written), shown))
