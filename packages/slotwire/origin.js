// The proxy's address as it is given by whoever uses the package.

/** Without slashes at its end. Whether https is meant or http nobody can tell, and a page would take the rest for a path of its own. */
export function checkedOrigin(origin) {
  if (!/^https?:\/\/\w/.test(origin)) throw TypeError(`no https:// address: ${origin}`);
  return origin.replace(/\/+$/, '');
}
