import type { EndReason, TaskState } from '../../services/ledger/rows.ts';
import type { StoredData } from '../../services/ledger/stored-data.ts';
import { modelOf, RESOLUTIONS } from '../../services/models.ts';
import type { RequestProblem } from '../../services/request.ts';
import { literal, relativeTime } from '../markdown.ts';

/** Everything the bot says, in English. Values from outside are made literal here, where they enter a sentence. */
export const en = {
  problem(problem: RequestProblem): string {
    switch (problem.kind) {
      case 'empty-prompt':
        return 'The prompt is empty: describe the image that you want.';
      case 'prompt-too-long':
        return `The prompt is too long: shorten it to ${problem.max} characters.`;
      case 'ratio':
        return `${modelOf(problem.model).label} at ${RESOLUTIONS[problem.resolution]} takes only the ratios ${problem.allowed.join(', ')}: choose one of them or a lower resolution.`;
      case 'too-many-references':
        return `${modelOf(problem.model).label} takes at most ${problem.max} reference images and you attached ${problem.given}: leave some out.`;
      case 'not-an-image':
        return `${literal(problem.name)} is not an image that can be used: attach a PNG, JPEG, WebP, GIF or AVIF file.`;
      case 'reference-too-large':
        return `${literal(problem.name)} is too large: attach an image of at most ${problem.maxBytes / 2 ** 20} MB.`;
    }
  },

  /** Why there is no image, as one sentence that says what can be done. `words` are the service's, quoted elsewhere. */
  ended(reason: EndReason, subject: string | null): string {
    const image = literal(subject ?? 'A reference image');
    return ENDED[reason].replace('{image}', () => image);
  },

  queued: '⏳ Waiting for the image service to begin.',
  cancelling: '✖️ Cancelling …',
  working: '🎨 Your image is being made.',
  fetching: '📥 Your image is ready and on its way.',
  started: (time: string) => `started ${time}`,
  ready: (time: string) => `ready ${time}`,
  overdue: 'taking longer than usual',
  trouble: {
    unreachable: '⚠️ The image service can’t be reached right now. Still trying.',
    'key-refused':
      '⚠️ The image service refuses the bot’s key right now: its operator has to renew it. Still trying.',
    confused: '⚠️ The image service answers with an error right now. Still trying.',
    download: '⚠️ Your image is ready but can’t be downloaded right now. Still trying.',
    storage: '⚠️ The bot can’t write to its disk right now, so nothing was sent yet. Still trying.',
  },
  restart: '🔄 The bot is restarting. This goes on by itself afterwards, and the image will appear here.',
  restartUncertain:
    '🔄 The bot is restarting while your request was being sent. What became of it will appear here afterwards.',
  broken:
    '⚠️ Something went wrong inside the bot. It tries again by itself; its operator can find this in the log.',
  reference: (number: string) => `Reference number ${number}`,
  qualityIgnored: (model: string) => `${modelOf(model).label} has no quality setting, so yours was not sent.`,
  converted: 'The original file was too large for this place, so it was converted to WebP without loss.',
  compressed: (quality: number) =>
    `The original file was too large for this place, so it was compressed to WebP at quality ${quality}.`,
  shrunk: (width: number, height: number) =>
    `The original file was too large for this place, so it was reduced to ${width} × ${height} pixels.`,
  original: (url: string) => `[Original](${url}), kept for 3 days.`,
  references: (given: number) => count(given, 'reference'),

  button: {
    cancel: 'Cancel',
    check: 'Check again',
    retry: 'Try again',
    send: (number: number) => `Send ${number}`,
    export: 'Export as JSON',
    forget: 'Delete everything',
    forgetNow: 'Yes, delete everything',
  },
  notYours: (userId: string) => `Only <@${userId}> can do that.`,
  notYoursToManage: (userId: string) => `Only <@${userId}> and people who manage messages here can do that.`,
  forgotten: 'This was deleted, so there is nothing to do about it any more. Ask again with /imagine.',
  tooLateToCancel: 'It is too late to cancel this: it is over already.',
  beingChecked: 'This is being looked at already.',
  retryUnderWay: 'This is being tried again already.',
  nothingToCheck: 'There is nothing left to check here.',
  unknownButton: 'This button is from another version of the bot and no longer does anything.',

  jobs: 'Your images',
  noJobs: 'You have no images here yet. Type /imagine to make one.',
  jump: 'jump to it',
  sendWith: (number: number) => `get it with “Send ${number}”`,
  state: {
    reserved: 'waiting',
    submitting: 'waiting',
    running: 'being made',
    completed: 'on its way',
    delivered: 'delivered',
    undeliverable: 'not delivered',
    failed: 'failed',
    expired: 'took too long',
    cancelled: 'cancelled',
    refused: 'refused',
    unconfirmed: 'may have been charged',
  } satisfies Record<TaskState, string>,

  privacy({ generations, unfinished, files, since }: PrivacySummary, retentionDays: number): string {
    const stored =
      generations === 0
        ? 'Nothing is stored about you.'
        : `Stored about you: ${count(generations, 'request')}${unfinished > 0 ? ` (${unfinished} unfinished)` : ''} with prompt, settings and place, and ${count(files, 'image file')}. The oldest is from ${relativeTime(since ?? 0)}.`;
    return `${stored}\nAll of it is deleted after ${count(retentionDays, 'day')}. Prompts and reference images (without their metadata) also go to the image service, JimmyAI.`;
  },
  exported: 'Everything that is stored about you:',
  confirmForget:
    'This deletes your finished requests with their prompts, and your files that are kept. Images that were posted stay in Discord. It can’t be undone.',
  forgot: (generations: number, unfinished: number) =>
    `Deleted ${count(generations, 'request')}.${unfinished > 0 ? ` ${unfinished} still unfinished: delete again afterwards.` : ''}`,

  noStorage:
    'The bot can’t write to its disk right now, so nothing was started or charged. Please tell its operator, and try again later.',
  stopping: 'The bot is restarting right now. Please try again in a minute.',
  unexpected: (number: string) =>
    `Something went wrong inside the bot. Its operator can find it in the log as ${number}.`,
  unknownCommand: 'The bot no longer has this command. Reload Discord (Ctrl+R) to see the current ones.',
};

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

type PrivacySummary = Awaited<ReturnType<StoredData['summary']>>;

const NOT_CHARGED = 'Nothing was charged.';

const ENDED: Record<EndReason, string> = {
  authentication: `The image service refused the bot’s key: its operator has to renew it. ${NOT_CHARGED}`,
  credit: `The image service is out of credit: the bot’s operator has to top it up. ${NOT_CHARGED}`,
  parameters: `The image service refused the request: change it and try again. ${NOT_CHARGED}`,
  'rate-limited': `The image service is too busy: try again in a few minutes. ${NOT_CHARGED}`,
  unavailable: `The image service is down: try again in a few minutes. ${NOT_CHARGED}`,
  unreachable: `The image service can’t be reached: try again in a few minutes. ${NOT_CHARGED}`,
  'unknown-answer': 'The image service didn’t take the request: try again later.',
  'reference-unavailable': `{image} could not be fetched from Discord: attach it again. ${NOT_CHARGED}`,
  'reference-not-an-image': `{image} is not an image, or is damaged: attach a PNG, JPEG, WebP, GIF or AVIF file. ${NOT_CHARGED}`,
  'reference-unsupported': `{image} is a kind of image that can’t be used: attach it as PNG, JPEG, WebP, GIF or AVIF. ${NOT_CHARGED}`,
  'reference-too-large': `{image} is too large: attach a smaller version of it. ${NOT_CHARGED}`,
  'reply-gone': `Discord did not accept the bot’s answer in time: please ask again. ${NOT_CHARGED}`,
  'content-policy':
    'The model’s content policy refused this: change the prompt or the references and try again.',
  'model-failed': 'The image service could not make this image: try again, or change the prompt.',
  'task-unknown': 'The image service no longer knows this task: try again.',
  deadline: 'The image service took too long, and the bot has stopped waiting: check again later.',
  'outcome-unknown':
    'The request was sent, but the image service’s answer was lost: it may or may not have been charged, so it was not sent again by itself.',
  'cancelled-unsent': `This was cancelled before the image service took it. ${NOT_CHARGED}`,
  'cancelled-sent':
    'This was cancelled. The image service can’t be told to stop: the image is still made, and charged.',
  'image-gone': 'The image service made the image but no longer has it: try again.',
  'image-forbidden':
    'The image service made the image, but put it where the bot must not fetch from: please tell the bot’s operator.',
  'image-broken':
    'The image service made the image, but what it sent is not an image that can be shown: try again.',
  'image-unreachable': 'The image service made the image, but it could not be downloaded: try again later.',
  'too-large': 'The image was made, but even its smallest version is too large for this place.',
  'discord-refused': 'The image was made, but Discord refuses to show it here.',
  'nowhere-to-deliver': 'The image was made, but there was no place left to show it.',
};
