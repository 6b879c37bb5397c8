// Checks the proxy's address that the package's user gives.

/**
 * The address as text without trailing slashes. Throws without a scheme: http or https cannot be guessed, and a page would treat
 * the rest as a relative path.
 */
export function checkedOrigin(origin) {
  const address = String(origin).trim();
  if (!/^https?:\/\/\w/i.test(address)) throw TypeError(`no https:// address: ${origin}`);
  return address.replace(/\/+$/, '');
}
