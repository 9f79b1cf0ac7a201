/** What asking with a secret has told: it is taken, it is refused, or nobody could say. `why` is for the operator. */
export type Checked<T> =
  | { readonly outcome: 'accepted'; readonly found: T }
  | { readonly outcome: 'refused'; readonly why: string }
  | { readonly outcome: 'unclear'; readonly why: string };
