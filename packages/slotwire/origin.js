// The proxy's address as it is given by whoever uses the package.

/** As text without slashes at its end. Whether https is meant or http nobody can tell, and a page would take the rest for a path of its own. */
export function checkedOrigin(origin) {
  const address = String(origin).trim();
  if (!/^https?:\/\/\w/i.test(address)) throw TypeError(`no https:// address: ${origin}`);
  return address.replace(/\/+$/, '');
}
