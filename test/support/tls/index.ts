import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** For NODE_EXTRA_CA_CERTS. */
export const CERTIFICATE = fileURLToPath(new URL('certificate.pem', import.meta.url));

/** For discord.invalid and service.invalid. */
export const TLS = {
  cert: readFileSync(CERTIFICATE, 'utf8'),
  key: readFileSync(new URL('key.pem', import.meta.url), 'utf8'),
};
