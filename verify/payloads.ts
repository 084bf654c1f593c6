/**
 * Payloads that break a technique which frames, escapes or decodes carelessly. Each is one conformance case,
 * `payload: <name>`.
 */

/** Nasty payloads by name. */
export const nastyPayloads: Readonly<Record<string, string>> = {
  empty: '',
  'line feed': 'one\ntwo\n\nfour\n',
  'carriage return': 'one\rtwo\r\rfour\r',
  'CR LF': '\r\none\r\ntwo\r\n\r\n',
  'quotes and backslash': `"double" 'single' \`back\` \\ \\" \\' \\n \\u0041`,
  'end of script': `</script><script>fail()</script><!-- <script> -->`,
  'script statement': `');fail();//`,
  'line separators': 'one\u2028two\u2029three',
  'four-byte UTF-8': '\u{1F600}\u{10FFFF}',
  'two and three bytes': '\u00e9\u20ac\ufeff\ufffd',
  'lone surrogate': 'high \ud83d and low \ude00 apart',
  NUL: 'before\0after',
  'control characters': `${Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('')}\u007f`,
  '64 KiB': 'payload:'.repeat(8_192),
  'SSE fields': 'data: x\n\nid: 99\nevent: fail\nretry: 1\n:comment\n\n',
  'multipart boundary': '--boundary\r\nContent-Type: text/plain\r\n\r\nfail\r\n--boundary--\r\n',
  'JSON text': '[1,2,3,"fail"],{"overrun":[1,2]},null]',
  'HTTP chunk': '0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
  'HTML entities': '&lt;&amp;&#0;&nbsp; <b>bold</b>',
  'percent signs': '%00%0A%25 %s %d 100%',
}
