/** The result of trying a secret: accepted, refused, or unclear because the try failed. `why` is for the operator. */
export type Checked<T> =
  | { readonly outcome: 'accepted'; readonly found: T }
  | { readonly outcome: 'refused'; readonly why: string }
  | { readonly outcome: 'unclear'; readonly why: string };
