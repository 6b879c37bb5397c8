// What browsers have as `crypto`. Debian 12's Node.js (18) has it in a module only, where the widget's code does not look.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
