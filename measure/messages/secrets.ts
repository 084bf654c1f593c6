/** Keeps secrets out of what is printed and stored: code under test may write its environment anywhere. */

/** Names of variables whose values are secrets. */
const secretName = /TOKEN|SECRET|PASSW|CREDENTIAL|KEY/i

/** A shorter value, such as `true` or `8080`, hides nothing and stands in many a harmless text. */
const shortest = 6

/** A password within a URL: `postgres://user:password@host`. */
const inUrl = /(\b[a-z][\w+.-]*:\/\/[^\s:@/]*:)[^\s@/]+(?=@)/gi

const mask = '***'

/**
 * Replaces secrets by `***`: the values, of six characters or more, of variables whose name contains TOKEN, SECRET, PASSW,
 * CREDENTIAL or KEY, and passwords in URLs.
 * @param env the variables that the code under test was given
 */
export function maskerOf(env: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name]) => secretName.test(name))
    // A secret of many lines, such as a private key, may be written line by line.
    .flatMap(([, value = '']) => [value, ...value.split(/\r?\n/)])
    .map(value => value.trim())
    .filter(value => value.length >= shortest)
    // The longest first: a secret may contain another.
    .toSorted((a, b) => b.length - a.length)
  return text =>
    secrets.reduce((masked, secret) => masked.replaceAll(secret, mask), text).replace(inUrl, `$1${mask}`)
}
