/** Error codes for a certificate by an authority that Node.js doesn't know. */
export const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)|CERT_UNTRUSTED/;

/** What the operator can do about it. */
export const TRUST_IT =
  'Something on the way shows a certificate of its own. If it is your proxy, set NODE_EXTRA_CA_CERTS in the environment (.env is read too late for it) to the file of its certificate.';
