/** The meaning of a task's status. */
export type Meaning = 'waiting' | 'running' | 'completed' | 'failed';

/** Knows the documented words, those that clients have seen, and those of similar services. Null for any other word. */
export function meaningOf(status: string): Meaning | null {
  return MEANINGS.get(plain(status)) ?? null;
}

/** Turns `TASK_STATUS_SUCCEED` and `In-Progress!` into `succeed` and `in_progress`. */
function plain(status: string): string {
  const word = status.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');
  return word.replace(/^_|_$/g, '').replace(/^(?:task_)?(?:status_)?/, '');
}

const WORDS: Readonly<Record<Meaning, string>> = {
  waiting:
    'queued queueing in_queue pending submitted waiting created accepted not_start not_started scheduled 排队 排队中 等待 等待中 待处理 已提交',
  running:
    'processing in_progress running generating started working rendering 处理中 生成中 进行中 运行中 执行中 绘制中',
  completed:
    'completed complete success successful succeeded succeed done finished finish ready ok 完成 已完成 成功 已成功 生成成功 生成完成 处理完成',
  failed:
    'failed failure fail error errored canceled cancelled aborted terminated killed rejected refused blocked moderated content_filtered filtered timeout timed_out expired 失败 已失败 生成失败 处理失败 错误 取消 已取消 已拒绝 超时 已超时',
};

const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  Object.entries(WORDS).flatMap(([meaning, words]) =>
    words.split(' ').map((word) => [word, meaning as Meaning] as const),
  ),
);
