// The proxy's address as it is given by whoever uses the package.

/** Without slashes at its end. Whether https is meant or http nobody can tell, and a page would take the rest for a path of its own. */
export function checkedOrigin(origin) {
  if (!/^https?:\/\/[^/]/i.test(origin)) throw TypeError(`"${origin}" is no origin: https://slots.example.com is`);
  return origin.replace(/\/+$/, '');
}
