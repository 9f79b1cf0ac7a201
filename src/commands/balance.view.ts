import type { Balances } from '../services/account/index.ts';
import type { ImageServiceError } from '../services/image-service/errors.ts';
import type { Spending, Spent, Total } from '../services/ledger/spending.ts';
import type { WarningKind } from '../services/ledger/warnings.ts';
import { modelOf } from '../services/request/models.ts';
import { TEXT_TOOLS } from '../services/request/tools.ts';
import { ACCENT } from './accent.ts';
import type { MessageView } from './components.ts';
import type { Text } from './text/index.ts';
import { toolLabel } from './tools/label.ts';

export interface BalanceState {
  /** Null where the service tells none. */
  readonly balances: Balances | ImageServiceError | null;
  /** Of the last day. */
  readonly spending: Spending;
  readonly week: Total;
  /** The owner is warned when fewer coins are left. */
  readonly balanceWarning: number | null;
  readonly warnings: readonly WarningKind[];
}

/** Shows the balance, and who spent how much. Pure. */
export function renderBalance(state: BalanceState, text: Text): MessageView {
  const { balances, spending, week, balanceWarning, warnings } = state;
  const words = text.balance;
  const total = spentOn(spending);
  const lines = [
    ...leftLines(balances, text),
    ...warnings
      .filter((kind) => kind !== 'low-balance')
      .map((kind) => text.accountNews({ kind, since: 0, isOver: false, spendable: null })),
    ...(balanceWarning === null ? [] : [words.warningBelow(balanceWarning)]),
    '',
    `**${words.spent}**`,
    ...spentLines(spending, text),
    ...(week.images > 0 ? ['', `**${words.ofWeek}**`, words.line(words.everything, week, total)] : []),
  ];
  return {
    content: '',
    embeds: [{ color: ACCENT, title: words.title, description: lines.join('\n') }],
    components: [],
  };
}

function leftLines(balances: BalanceState['balances'], { balance: words }: Text): string[] {
  if (balances === null) return [words.untold];
  if (balances instanceof Error) return [words.unknown];
  const { account, key } = balances;
  return [
    ...(account ? [words.account(account.available, account.used)] : []),
    ...(key ? [words.key(key.name, key.available, key.total)] : []),
  ];
}

function spentLines({ byModel, byPerson, people }: Spending, text: Text): string[] {
  const { balance: words } = text;
  if (byModel.length === 0) return [words.nothing];
  const others = people - byPerson.length;
  const total = spentOn({ byModel });
  return [
    words.line(words.everything, sumOf(byModel), total),
    `-# ${words.byModel}`,
    ...byModel.map(({ name, ...spent }) =>
      words.line(makerLabel(name, text), spent, isOfWords(name) ? 'answers' : 'images'),
    ),
    `-# ${words.byPerson}`,
    ...byPerson.map(({ name, ...spent }) => words.line(`<@${name}>`, spent, total)),
    ...(others > 0 ? [`-# ${words.others(others)}`] : []),
  ];
}

/** What was charged is charged under a model, or under a tool. */
function makerLabel(name: string, text: Text): string {
  return toolLabel(name, text) ?? modelOf(name).label;
}

/** Whether answers in words are among what was charged. */
function spentOn({ byModel }: Pick<Spending, 'byModel'>): 'images' | 'both' {
  return byModel.some(({ name }) => isOfWords(name)) ? 'both' : 'images';
}

function isOfWords(name: string): boolean {
  return TEXT_TOOLS.some((tool) => tool === name);
}

function sumOf(spent: readonly Spent[]): Total {
  const sum = (of: 'images' | 'coins') => spent.reduce((total, each) => total + each[of], 0);
  return { images: sum('images'), coins: sum('coins') };
}
