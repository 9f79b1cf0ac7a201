import type { AccountTroubleKind, News } from '../../services/account/index.ts';
import type { TaskTrouble } from '../../services/generations/job.ts';
import type { EndReason, TaskState } from '../../services/ledger/rows.ts';
import type { Total } from '../../services/ledger/spending.ts';
import type { StoredData } from '../../services/ledger/stored-data.ts';
import type { LimitRefusal, Limits, Scope, Unit } from '../../services/request/limits.ts';
import { modelOf, type Quality, type Ratio, resolutionLabel } from '../../services/request/models.ts';
import type { RequestProblem } from '../../services/request/request.ts';
import type { PlaceRefusal, RuleField, RuleProblem } from '../../services/request/server-rules.ts';
import type { PictureTool, PixelSize, Tool, UpscaleFactor } from '../../services/request/tools.ts';
import type { Hold, Place } from '../../services/scheduler/fair-order.ts';
import { fileName, literal, quote, relativeTime } from '../markdown.ts';
import type { Unusable } from '../message-images.ts';
import { channelMention, listed, modelLabel, roleMention } from '../rules/shown.ts';
import { coinNumber } from './amounts.ts';
import { isChinese, meaningOf } from './service-words.ts';

const NOT_CHARGED = 'Nothing was charged.';
/** Of a list that could be long. */
const SHOWN_ENTRIES = 10;
const SEPARATOR = ', ';
const NOTHING_HAPPENED = 'Nothing was started or charged.';
const WAITING: Record<Scope, string> = {
  person: 'You already have',
  member: 'In this server, you already have',
  server: 'This server already has',
};
const AMONG: Record<Place['among'], string> = {
  own: 'in line, behind your own requests',
  server: 'in line in this server',
  all: 'in line',
};
const WITHIN_A_DAY: Record<Scope | 'overall', string> = {
  person: 'You may have',
  member: 'In this server, you may have',
  server: 'This server may have',
  overall: 'This bot may make',
};

/** Everything that the bot says, in English. Values from outside are escaped here, as they enter a sentence. */
export const en = {
  /** Between the entries of a list. */
  separator: SEPARATOR,
  command: {
    imagine: 'Make images from a description',
    prompt: 'What the image should show',
    model: 'Which model makes it',
    ratio: 'Aspect ratio, width to height',
    resolution: 'How large the image is',
    quality: 'Level of detail, for models with this setting',
    transparent: 'Without a background, for stickers and emoji',
    count: 'How many images; each one is charged',
    enhance: 'See the prompt rewritten by a model first, before anything is made',
    reference: 'An image to work from',
    reference_2: 'A second image to work from',
    reference_3: 'A third image to work from',
    reference_4: 'A fourth image to work from',
    mask: 'Which part of the first reference may change: where this image is transparent',
    private: 'Show the reply only to you',
    jobs: 'Your running and recent images',
    history: 'Your images, newest first',
    search: 'Words in the prompt',
    settings: 'Your defaults for /imagine, and how you hear that an image is done',
    privacy: 'What is stored about you, and how to delete it',
    imagineAdmin: 'Who may use /imagine in this server, where, and for what',
    balance: 'The balance of the image service’s account, for the bot’s owner',
  },
  /** Localized names of the options; English uses their own names. */
  option: {} as Readonly<Record<string, string>>,
  menu: { useAsReference: 'Use as reference', imageDetails: 'Image details' },

  /** What the service does besides making images. */
  tool: {
    name: {
      upscale: 'Upscale',
      'remove-bg': 'Remove background',
      describe: 'Describe',
      enhance: 'Enhance',
    } satisfies Record<Tool, string>,
    /** What was done to make the picture. */
    made: (tool: PictureTool) =>
      tool.name === 'upscale' ? `Upscaled ×${tool.factor}` : 'Background removed',
    working: {
      upscale: '🔍 Your image is being enlarged.',
      'remove-bg': '✂️ The background is being removed.',
      describe: '💬 The image is being described.',
      enhance: '✨ Your prompt is being rewritten.',
    } satisfies Record<Tool, string>,
    /** `spent`: about how many coins one picture costs, where that is known. */
    ask: {
      upscale: (spent: number | null) =>
        `How much larger should it be? It stays the same picture: no model redraws it.${spent === null ? '' : ` It costs about ${coins(spent)}.`}`,
      'remove-bg': (spent: number | null) =>
        `This cuts out what the image shows, as a transparent PNG.${spent === null ? '' : ` It costs about ${coins(spent)}.`}`,
    } satisfies Record<PictureTool['name'], (spent: number | null) => string>,
    factor: (factor: UpscaleFactor, size: PixelSize | null) =>
      size === null ? `×${factor}` : `×${factor} · ${size.width * factor} × ${size.height * factor}`,
    /** The language that a description is written in, as a model knows it. */
    language: 'English',
    whichDescribed: 'Which image should be described?',
    described: 'What the image shows',
    imagineThis: 'Imagine this',
    enhanced: 'Enhanced prompt',
    makeIt: 'Make it',
    restart: '🔄 The bot is restarting. This goes on by itself afterwards, and the answer will appear here.',
    useMine: 'Use mine',
    tooManyAnswers: (freeAt: number) =>
      `A lot of text was written just now. Ask for more ${relativeTime(freeAt)}. ${NOTHING_HAPPENED}`,
    /** Why a tool that writes has no answer, where it is another reason than for an image. */
    noAnswer: {
      'outcome-unknown':
        'No clear answer came from the image service. It may or may not have been charged, so the bot has not asked once more.',
      authentication: `The image service refused the bot’s key: the bot’s operator has to renew it. ${NOT_CHARGED}`,
      credit: `The image service is out of credit: the bot’s operator has to top it up. ${NOT_CHARGED}`,
      parameters: `The image service refused the request. ${NOT_CHARGED}`,
      'model-unavailable': `The image service doesn’t offer this to the bot’s account. ${NOT_CHARGED}`,
      'content-policy': 'The image service’s content policy doesn’t allow this.',
      unavailable: `The image service can’t answer at the moment: ask again in a few minutes. ${NOT_CHARGED}`,
    } satisfies Partial<Record<EndReason, string>>,
    largeEnough: 'That image is as large as it can get here.',
    /** In place of the prompt of an image that wasn't made here. */
    someImage: 'An image from a message',
    /** Why there is no picture, where it is another reason than for an image of a model. */
    ended: {
      parameters: `The image service refused this image: try another one. ${NOT_CHARGED}`,
      'model-unavailable': `The image service doesn’t offer this to the bot’s account. ${NOT_CHARGED}`,
      'reference-unavailable': `The image could not be fetched from Discord: it may have been deleted. ${NOT_CHARGED}`,
      'reference-not-an-image': `The image is damaged, or is none: try a PNG, JPEG, WebP, GIF or AVIF file. ${NOT_CHARGED}`,
      'reference-unsupported': `The image has a format that can’t be used: try a PNG, JPEG, WebP, GIF or AVIF file. ${NOT_CHARGED}`,
      'reference-too-large': `The image is too large: try a smaller version. ${NOT_CHARGED}`,
      'content-policy': 'The image service’s content policy doesn’t allow this image: try another one.',
      'image-broken':
        'The image service sent something that is no image, and presumably charged it. Asking for it anew may help.',
    } satisfies Partial<Record<EndReason, string>>,
  },

  ratio: {
    auto: 'Auto · the model decides',
    '1:1': '1:1 · square',
    '3:2': '3:2 · landscape',
    '2:3': '2:3 · portrait',
    '4:3': '4:3 · landscape',
    '3:4': '3:4 · portrait',
    '5:4': '5:4 · landscape',
    '4:5': '4:5 · portrait',
    '16:9': '16:9 · widescreen',
    '9:16': '9:16 · vertical',
    '2:1': '2:1 · landscape',
    '1:2': '1:2 · portrait',
    '3:1': '3:1 · wide landscape',
    '1:3': '1:3 · tall portrait',
    '21:9': '21:9 · ultrawide',
    '9:21': '9:21 · ultrawide vertical',
    '20:9': '20:9 · phone, landscape',
    '9:20': '9:20 · phone, portrait',
    '19.5:9': '19.5:9 · phone, landscape',
    '9:19.5': '9:19.5 · phone, portrait',
  } satisfies Record<Ratio, string>,
  autoRatio: 'Auto',
  transparent: 'Transparent',
  quality: {
    auto: 'Auto quality',
    low: 'Low',
    medium: 'Medium',
    high: 'High',
    xhigh: 'Extra high',
    max: 'Maximum',
  } satisfies Record<Quality, string>,

  problem(problem: RequestProblem | RuleProblem): string {
    switch (problem.kind) {
      case 'empty-prompt':
        return 'The prompt is empty: describe the image that you want.';
      case 'prompt-too-long':
        return `The prompt is too long: shorten it to ${problem.max} characters.`;
      case 'ratio':
        return problem.resolution
          ? `${modelOf(problem.model).label} at ${resolutionLabel(problem.resolution)} takes only the ratios ${ratioNames(problem.allowed)}: choose one of them or a lower resolution.`
          : `${modelOf(problem.model).label} takes only the ratios ${ratioNames(problem.allowed)}: choose one of them or another model.`;
      case 'resolution':
        return `${modelOf(problem.model).label} makes images in ${problem.allowed.map(resolutionLabel).join(SEPARATOR)} only: choose one of these or another model.`;
      case 'quality':
        return `${modelOf(problem.model).label} has only the qualities ${problem.allowed.map((quality) => en.quality[quality]).join(SEPARATOR)}: choose one of them or another model.`;
      case 'transparency':
        return `${modelOf(problem.model).label} makes no images without a background: choose another model, or leave out “transparent”.`;
      case 'mask-not-taken':
        return problem.allowed.length > 0
          ? `${modelOf(problem.model).label} takes no mask: choose ${problem.allowed.map(modelLabel).join(SEPARATOR)}, or ask again without the mask.`
          : 'No model here takes a mask: ask again without it, and say in the prompt what should change.';
      case 'mask-alone':
        return 'A mask says which part of an image may change: attach that image as “reference”, or ask again without the mask.';
      case 'too-many-references':
        return `${modelOf(problem.model).label} takes at most ${problem.max} reference images and you attached ${problem.given}: leave some out.`;
      case 'not-an-image':
        return problem.format
          ? `${fileName(problem.name)} is an image in the format ${problem.format}, which can’t be used: attach it as PNG, JPEG, WebP, GIF or AVIF.`
          : `${fileName(problem.name)} is not an image that can be used: attach a PNG, JPEG, WebP, GIF or AVIF file.`;
      case 'reference-too-large':
        return `${fileName(problem.name)} is too large: attach an image of at most ${problem.maxBytes / 2 ** 20} MB.`;
      case 'model-not-offered':
        if (problem.allowed.length === 0) return en.noModelAllowed;
        return `${modelLabel(problem.model)} isn’t offered here any more: choose ${listed(problem.allowed.map(modelLabel), SHOWN_ENTRIES, SEPARATOR)}.`;
      case 'model-not-allowed':
        if (problem.allowed.length === 0) return en.noModelAllowed;
        return `This server doesn’t allow ${modelLabel(problem.model)}: choose ${listed(problem.allowed.map(modelLabel), SHOWN_ENTRIES, SEPARATOR)}.`;
      case 'resolution-not-allowed':
        return `This server allows no more than ${resolutionLabel(problem.max)}: choose a lower resolution.`;
      case 'quality-not-allowed':
        return `This server allows no higher quality than ${en.quality[problem.max]}: choose a lower one.`;
      case 'tool-not-offered':
        return `“${en.tool.name[problem.tool]}” isn’t offered here any more.`;
      case 'tool-not-allowed':
        return `This server doesn’t allow “${en.tool.name[problem.tool]}”. Whoever manages it can change that with /imagine-admin.`;
      case 'blocked-word':
        return `This server doesn’t allow “${literal(problem.word)}” in a prompt: say it in other words.`;
    }
  },
  noModelAllowed:
    'The rules of this server allow none of the models that are offered here. Whoever manages it can change that with /imagine-admin.',
  mayNotAttach:
    'The bot may not attach files here, so nothing was started or charged. Whoever manages this server can give it the permission “Attach Files”; other channels may work.',
  limit(refusal: LimitRefusal, unit: Unit): string {
    switch (refusal.kind) {
      case 'too-many-at-once':
        return `At most ${count(refusal.limit, 'image')} can be made at once here: ask for fewer. ${NOTHING_HAPPENED}`;
      case 'waiting': {
        const { scope, limit, freeAt } = refusal;
        const next =
          freeAt === null ? 'one of them begins' : `the next one begins, about ${relativeTime(freeAt)}`;
        return `${WAITING[scope]} ${count(limit, 'request')} waiting, which is the most allowed: ask again once ${next}. ${NOTHING_HAPPENED}`;
      }
      case 'per-day':
        return `${perDay(refusal, unit)} ${NOTHING_HAPPENED}`;
    }
  },
  tooManyRefused: (freeAt: number) =>
    `Several of your requests had reference images that couldn’t be used. Ask again with references ${relativeTime(freeAt)}. ${NOTHING_HAPPENED}`,

  tooManyUncharged: (freeAt: number) =>
    `A great many of your requests came to nothing. Ask again ${relativeTime(freeAt)}. ${NOTHING_HAPPENED}`,

  tooManyDrafts: (freeAt: number) =>
    `You have opened many forms and questions without finishing them. Answer one of them, or try again ${relativeTime(freeAt)}. ${NOTHING_HAPPENED}`,

  /** Why a person can ask for nothing in this place. */
  refusal(refusal: PlaceRefusal): string {
    switch (refusal.kind) {
      case 'paused':
        return `Images are paused in this server: nothing was started or charged. Whoever manages the server can resume them: ask again later.${refusal.reason ? `\n${quote(refusal.reason)}` : ''}`;
      case 'role':
        return `The role ${roleMention(refusal.roleId)} may not make images in this server. Whoever manages it can change that.`;
      case 'channel':
        return `Images can’t be made in this channel. Use ${listed(refusal.allowed.map(channelMention), SHOWN_ENTRIES, SEPARATOR)}.`;
    }
  },
  adapted: 'Your defaults were adapted to what this server allows.',

  /** `spent`: roughly how many coins all of them cost, if known. */
  confirm: (images: number, settings: string, spent: number | null) =>
    `This makes ${count(images, 'image')}, each one charged${spent === null ? '' : `, about ${coins(spent)} in all`}: ${settings}`,

  /** Why there is no image, as one sentence that says what can be done. `{image}` is which reference. */
  ended: {
    authentication: `The image service refused the bot’s key: the bot’s operator has to renew it. ${NOT_CHARGED}`,
    credit: `The image service is out of credit: the bot’s operator has to top it up. ${NOT_CHARGED}`,
    parameters: `The image service refused the request: change it and try again. ${NOT_CHARGED}`,
    'model-unavailable': `The image service doesn’t offer this model to the bot’s account: choose another one with “Edit prompt”. ${NOT_CHARGED}`,
    'rate-limited': `The image service is too busy: try again in a few minutes. ${NOT_CHARGED}`,
    unavailable: `The image service is down: try again in a few minutes. ${NOT_CHARGED}`,
    unreachable: `The image service can’t be reached: try again in a few minutes. ${NOT_CHARGED}`,
    'unknown-answer': 'The image service didn’t accept the request: try again later.',
    'reference-unavailable': `{image} could not be fetched from Discord: attach it again, or leave it out. ${NOT_CHARGED}`,
    'reference-not-an-image': `{image} is not an image, or is damaged: attach a PNG, JPEG, WebP, GIF or AVIF file, or leave it out. ${NOT_CHARGED}`,
    'reference-unsupported': `{image} is a kind of image that can’t be used: attach it as PNG, JPEG, WebP, GIF or AVIF, or leave it out. ${NOT_CHARGED}`,
    'reference-too-large': `{image} is too large: attach a smaller version, or leave it out. ${NOT_CHARGED}`,
    'reference-shape': `{image} is too narrow for this model: attach one of another shape, leave it out, or choose another model with “Edit prompt”. ${NOT_CHARGED}`,
    'reference-mask-opaque': `The mask has no transparent part, so nothing could change: attach a PNG or WebP that is transparent where the image may change, or leave it out. ${NOT_CHARGED}`,
    'reference-mask-size': `The mask has another size than the first reference: attach one with the same width and height, or leave it out. ${NOT_CHARGED}`,
    'reply-gone': `Discord did not accept the bot’s answer in time: try again. ${NOT_CHARGED}`,
    'content-policy':
      'The model’s content policy doesn’t allow this: change the prompt or the references and try again.',
    'model-failed': 'The image service could not make this image: try again, or change the prompt.',
    'task-unknown': 'The image service no longer knows this task: try again.',
    deadline: 'The image service took too long, and the bot has stopped waiting: check again later.',
    'outcome-unknown':
      'The request was sent, but no clear answer came from the image service: it may or may not have been charged, so the bot has not sent it again.',
    'cancelled-unsent': `This was cancelled before the image service took it. ${NOT_CHARGED}`,
    'cancelled-sent':
      'Nobody is waiting for this any more. The image service can’t be told to stop: the image is still made, and charged. “Get it anyway” brings it here for 3 days.',
    'image-gone':
      'The image service made the image, but it isn’t where it should be: check again later. Images are kept there for 3 days.',
    'image-forbidden':
      'The image service made the image, but put it where the bot must not fetch from: please tell the bot’s operator.',
    'image-broken':
      'The image service made the image, but what it sends is not a whole image: check again later. Images are kept there for 3 days.',
    'image-in-part':
      'The image service made the image, but sends only a part of it, which is shown here: check again later. Images are kept there for 3 days.',
    'image-unreachable':
      'The image service made the image, but it could not be downloaded: check again later. Images are kept there for 3 days.',
    'image-unsupported':
      'The image service made the image, but in a format that can’t be shown here: open the original, or tell the bot’s operator.',
    'image-expired':
      'The image service made the image, but keeps images for only 3 days, and it could not be fetched in that time: try again.',
    'too-large': 'The image was made, but even its smallest version is too large for this place.',
    'discord-refused': 'The image was made, but Discord refuses to show it here.',
    'nowhere-to-deliver': 'The image was made, but there was no place left to show it.',
  } satisfies Record<EndReason, string>,
  /** Above what a person has typed and nothing is made of. */
  yourPrompt: 'Your prompt',
  someReference: 'A reference image',
  /** Never by its name: the reply may be everybody's to read. */
  nthReference: (number: number) => `Reference image ${number}`,
  image: (number: number, words: string) => `Image ${number}: ${words}`,
  imageOf: (number: number, all: number) => `Image ${number} of ${all}`,
  /** The words that ask a model for a variation. Never change them: the bot removes them from earlier prompts. */
  variation: {
    strong:
      'Make a new variation of this image: keep its subject and style, and change its composition and details.',
    subtle:
      'Make a subtle variation of this image: keep its subject, style and composition, and change only small details.',
  },
  /** An explanation under the service's words, if this reader may not understand them; otherwise null. */
  gloss(words: string): string | null {
    if (!isChinese(words)) return null;
    const meaning = meaningOf(words);
    return meaning === null ? 'in Chinese, as the image service says it' : `Chinese for: ${meaning}`;
  },

  sending: '📨 Sending this to the image service.',
  queued: '⏳ Waiting for the image service to begin.',
  inLine: (place: Place) => `${ordinal(place.number)} ${AMONG[place.among]}`,
  /** Why nobody in line begins, and what comes of it. */
  held: {
    'key-refused':
      '⚠️ The image service refuses the bot’s key at the moment. You keep your place: this goes on by itself once the bot’s operator has renewed the key. Cancelling costs nothing.',
    'no-credit':
      '⚠️ The image service is out of credit at the moment. You keep your place: this goes on by itself once the bot’s operator has topped it up. Cancelling costs nothing.',
  } satisfies Record<Hold, string>,
  cancelling: '✖️ Cancelling …',
  working: '🎨 Your image is being made.',
  fetching: '📥 Your image is ready and on its way.',
  /** How far the bar is by the time that has passed. */
  about: (percent: number) => `about ${percent}%`,
  started: (time: string) => `started ${time}`,
  expected: (time: string) => `expected ${time}`,
  soon: 'any moment now',
  overdue: 'taking longer than usual',
  done: (ready: number, all: number) => `🎨 ${ready} of ${all} images ready`,
  trouble: {
    unreachable: '⚠️ The image service can’t be reached right now. Still trying.',
    'key-refused':
      '⚠️ The image service refuses the bot’s key right now: the bot’s operator has to renew it. Still trying.',
    confused: '⚠️ The image service is answering with errors right now. Still trying.',
    download: '⚠️ Your image is ready but can’t be downloaded right now. Still trying.',
    storage: '⚠️ The bot can’t write to its disk right now, so nothing was sent yet. Still trying.',
  } satisfies Record<TaskTrouble, string>,
  restart: '🔄 The bot is restarting. This goes on by itself afterwards, and the image will appear here.',
  restartUncertain:
    '🔄 The bot had to restart while your request was being sent. What became of it will appear here afterwards.',
  broken:
    '⚠️ Something went wrong inside the bot. It tries again by itself; its operator can find this in the log.',
  textRefused: '-# Discord refused the text of this reply, so it is left out.',
  moved: 'Discord refused to show the result here, so it was sent in another message.',
  reference: (number: string) => `Reference number ${number}`,
  qualityIgnored: (model: string) => `${modelOf(model).label} has no quality setting, so yours was not sent.`,
  converted: 'The original file was too large for this place, so it was converted to WebP without loss.',
  compressed: (quality: number) =>
    `The original file was too large for this place, so it was compressed to WebP at quality ${quality}.`,
  shrunk: (width: number, height: number) =>
    `The original file was too large for this place, so it was reduced to ${width} × ${height} pixels.`,
  original: (url: string) => `[Original](${url}), kept for 3 days.`,
  references: (given: number) => count(given, 'reference'),
  images: (made: number) => count(made, 'image'),
  by: (userId: string) => `by <@${userId}>`,
  madeFrom: (url: string) => `Made from [this message](${url}).`,
  notLasting:
    'The bot can’t write here for longer than 15 minutes. If it takes longer, you get the image as a direct message and find it in /history.',
  duration(seconds: number): string {
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  },

  notice: {
    done: (images: number, url: string | null) =>
      `${images > 1 ? `Your ${images} images are` : 'Your image is'} ready${url ? `: ${url}` : '.'}`,
    answered: (url: string | null) => `Your answer is ready${url ? `: ${url}` : '.'}`,
    ended: (url: string | null) => `Your request ended without an image${url ? `: ${url}` : '.'}`,
  },

  /** What would make a request that can't be made as it is. */
  way: {
    make: (parts: readonly string[]) => `Make it ${parts.join(', ')}`,
    model: (label: string) => `with ${label}`,
    resolution: (label: string) => `in ${label}`,
    ratio: (ratio: Ratio) => (ratio === 'auto' ? 'in a shape of the model’s choice' : `in ${ratio}`),
    quality: (quality: Quality) =>
      quality === 'auto'
        ? 'in a quality of the model’s choice'
        : `in ${en.quality[quality].toLowerCase()} quality`,
    opaque: 'with a background',
    others: 'Other ways to make it',
  },
  wayTaken: 'There is nothing left to choose here: this was made already, or deleted.',

  button: {
    cancel: 'Cancel',
    stopWaiting: 'Stop waiting',
    getAnyway: 'Get it anyway',
    check: 'Check again',
    retry: 'Try again',
    again: 'Again',
    againTimes: (images: number) => `Again ×${images}`,
    edit: 'Edit prompt',
    reference: 'Use as reference',
    /** As people know them: U shows one of several alone, V varies it. */
    enlarge: (number: number) => `U${number}`,
    vary: (number: number) => `V${number}`,
    varyStrong: 'Vary (strong)',
    varySubtle: 'Vary (subtle)',
    delete: 'Delete',
    image: (number: number) => `Image ${number}`,
    make: (images: number) => `Make ${count(images, 'image')}`,
    dismiss: 'Don’t make them',
    leaveOut: 'Leave it out',
    send: (number: number) => `Send ${number}`,
    sendImage: 'Send it here',
    newer: 'Newer',
    older: 'Older',
    defaults: 'Change defaults',
    notices: 'Notifications',
    reset: 'Reset',
    export: 'Export as JSON',
    forget: 'Delete everything',
    forgetNow: 'Yes, delete everything',
    imageRules: 'Models & sizes',
    peopleRules: 'Access',
    words: 'Blocked words',
    memberLimits: 'Member limits',
    serverLimits: 'Server limits',
    pause: 'Pause',
    resume: 'Resume',
    ruleChanges: 'Changes',
    back: 'Back',
    resetNow: 'Yes, reset all rules',
  },
  modal: {
    edit: 'Edit prompt',
    reference: 'Use as reference',
    prompt: 'Prompt',
    change: 'What should change?',
    changeHint: 'The image is sent along: say what to do with it',
    model: 'Model',
    ratio: 'Ratio',
    resolution: 'Resolution',
    quality: 'Quality, where there is a choice',
    options: 'Number, resolution, quality, background',
    optionsHint: 'What you pick takes the place of what was there.',
    inResolution: (label: string) => `Resolution: ${label}`,
    inQuality: (label: string) => `Quality: ${label}`,
    transparent: 'Transparent background',
    references: 'Reference images',
    attached: 'Images to work from, up to ten.',
    replaced: (given: number) =>
      `${given === 1 ? 'The one that is there stays' : `The ${given} that are there stay`}, unless you choose others here: up to ten.`,
    moreReferences: 'More reference images',
    added: (given: number) =>
      `They go along with the ${given === 1 ? 'image' : `${given} images`}. A model may take only a few.`,
    defaults: 'Your defaults for /imagine',
    botDecides: 'No default',
    private: 'Who can see the reply',
    everyone: 'Everyone here',
    onlyMe: 'Only me',
    notices: 'When an image is done',
    notify: 'Tell me',
    off: 'Not at all',
    mention: 'With a mention',
    direct: 'With a direct message',
    delete: 'Delete this',
    deleteWhat: 'What to delete',
    deleted: {
      message: 'Only the message here',
      everything: 'The message and all that is stored of it',
    },
    deleteHint:
      'If only the message goes, your /history keeps the image. It counts toward limits either way.',
    deleteOthersHint: 'The image stays in the history of the person who asked for it.',
    after: 'Only if it took longer than (seconds)',
    afterHint: 'Leave it empty to be told every time',
  },

  /** What a button does that has the model draw the image once more. */
  redraw: (resolution: string) => `Redraw in ${resolution}`,
  whichReference: 'Which image should be the reference?',
  whichLarger: (resolution: string) => `Which image should the model redraw in ${resolution}?`,
  notYours: (userId: string) => `Only <@${userId}> can do that.`,
  notYoursToManage: (userId: string) => `Only <@${userId}> and people who manage messages here can do that.`,
  notYoursToRule: 'Only people who may manage this server (“Manage Server”) can see and change its rules.',
  notYoursToSee: 'That image is not yours to use.',
  notYourReferences: (userId: string) =>
    `Only <@${userId}> can do that, since it would send along their own reference images. “Use as reference” goes on from the result.`,
  checkedElsewhere: (url: string) => `This continued in [another message](${url}).`,
  forgotten: 'This no longer exists: it was used or deleted. Ask again with /imagine.',
  confirmStop:
    'The image service has begun and can’t be told to stop: the image is made, and charged, even if you stop waiting. You can still get it for 3 days.',
  tooLateToCancel: 'It is too late to cancel this: it has already ended.',
  beingChecked: 'This is already being checked.',
  retryUnderWay: 'This is already being tried again.',
  nothingToCheck: 'There is nothing left to check here.',
  imageLost:
    'That image can’t be reached any more. Save it from Discord and attach it to /imagine as a reference.',
  noLarger: 'This model has no larger size for this shape.',
  noImageThere(instead: Unusable | null): string {
    if (instead?.kind === 'sticker')
      return 'That message has a sticker, and stickers can’t be used as references: use a message with a PNG, JPEG, WebP, GIF or AVIF image.';
    return instead
      ? `The image in that message has the format ${instead.format}, which can’t be used as a reference: send it as PNG, JPEG, WebP, GIF or AVIF.`
      : 'There is no image in that message that can be used.';
  },
  notMine: 'That message is not an image of this bot.',
  unknownButton: 'This button is from another version of the bot and no longer does anything.',

  details: {
    title: 'Image details',
    by: (userId: string, time: string) => `by <@${userId}> ${time}`,
    cost: (spent: number) => `Cost ${coins(spent)}`,
  },

  jobs: 'Your images',
  inProgress: 'In progress',
  finished: 'Finished',
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

  history: {
    none: 'You have no images yet. Type /imagine to make one.',
    noneFound: (search: string) => `None of your images has “${literal(search)}” in its prompt.`,
    pictureElsewhere: 'The picture can’t be shown here.',
  },

  contactSheet: {
    favouritesOption: 'Only your favourites',
    favourites: 'Favourites',
    all: 'All images',
    allDays: 'All days',
    allModels: 'All models',
    /** For dates, which Intl writes. */
    dateLocale: 'en',
    day: (date: string) => `${date} (UTC)`,
    searched: (search: string) => `“${search}”`,
    noFavourites: 'You have no favourites yet. Press Star under one of your images to make it one.',
    noneLikeThat: 'None of your images match. Choose another day or model.',
    onlySmall: 'Only this small preview is left.',
    star: 'Star',
    unstar: 'Unstar',
    starred: '⭐ It is one of your favourites now. /history shows them.',
    unstarred: 'It is no longer one of your favourites.',
    back: 'Back',
    remove: 'Remove',
    keep: 'Keep it',
    confirmRemove:
      'Remove this from your history? The bot deletes its prompt, its settings and its files. The message with the images stays in Discord, but its buttons stop working. What counts towards limits is kept for 2 days. It can’t be undone.',
    zip: 'Download as ZIP',
    zipPart: (number: number, images: number) => `Part ${number}: ${count(images, 'image')}.`,
    zipSmall: (images: number) =>
      `${count(images, 'image')} can’t be reached any more; the ZIP has a small preview instead.`,
    zipMissing: (images: number) => `${count(images, 'image')} can’t be reached any more.`,
    zipMore: 'You have more favourites than fit into one go.',
    zipNext: 'Get the next ones',
    zipEmpty: 'None of these favourites can be reached any more.',
    zipTooOften: (freeAt: number) =>
      `You have downloaded a lot just now. You can go on ${relativeTime(freeAt)}.`,
  },

  settings: {
    title: 'Your settings',
    defaults: 'Without other options, /imagine makes:',
    line: (name: string, value: string) => `${name}: **${value}**`,
    here: (line: string) => `This server’s rules turn that into ${line}.`,
    notify: {
      off: 'You are not notified when an image is done.',
      mention: 'You are mentioned when an image is done.',
      direct: 'You get a direct message when an image is done.',
    },
    after: (seconds: number) => `Only if it took longer than ${seconds} s.`,
    badSeconds: 'Enter the time as a whole number of seconds, such as 60, or leave it empty.',
  },

  rules: {
    title: 'Rules for /imagine in this server',
    images: {
      title: 'Models and sizes',
      hint: 'Changes apply at once, also to the buttons under existing images.',
    },
    people: {
      title: 'Roles and channels',
      hint: 'Threads count as the channel they are in. Exempt roles skip this server’s own limits; every other rule still applies to them.',
    },
    field: {
      models: 'Models',
      refusedTools: 'Tools switched off',
      maxResolution: 'Highest resolution',
      maxQuality: 'Highest quality',
      channels: 'Channels',
      refusedRoles: 'Roles without access',
      exemptRoles: 'Roles exempt from limits',
      memberRunning: 'At once per member',
      memberWaiting: 'Waiting per member',
      memberPerDay: 'In 24 hours per member',
      serverRunning: 'At once in the server',
      serverWaiting: 'Waiting in the server',
      serverPerDay: 'In 24 hours in the server',
      blockedWords: 'Blocked words',
      paused: 'Paused',
    } satisfies Record<RuleField, string>,
    line: (name: string, value: string) => `**${name}:** ${value}`,
    all: 'all',
    everywhere: 'everywhere',
    none: 'none',
    noLimit: 'no limit',
    hosts: 'the bot’s default',
    yes: 'yes',
    no: 'no',
    atMost: (field: string, value: string) => `${field}: ${value}`,
    pick: (field: string) => `${field}: none selected`,
    limitsOf: { member: 'Limits per member', server: 'Limits of the server' },
    limits: ({ running, waiting, perDay }: Limits, unit: Unit) =>
      [running, waiting, perDay].every((limit) => limit === null)
        ? 'none'
        : `${running ?? 'any number'} at once, ${waiting ?? 'any number'} waiting, ${perDay === null ? `any number of ${unit}` : amount(perDay, unit)} in 24 hours`,
    limit: (unit: Unit) => [
      'Requests at once',
      'Requests waiting',
      unit === 'images' ? 'Images in 24 hours' : 'Coins in 24 hours',
    ],
    openLimit: (hosts: string) =>
      `Leave it empty for the bot’s own limit (${hosts}). A higher number has no effect.`,
    badLimit: {
      images: 'Give each limit as a whole number from 1, such as 5, or leave it empty.',
      coins:
        'Give each limit as a whole number from 1, and coins also as a fraction such as 0.5, or leave it empty.',
    } satisfies Record<Unit, string>,
    wordsField: 'Words that no prompt may contain',
    wordsHint: 'One per line, matched as whole words. Case, accents and look-alikes don’t matter.',
    tooManyWords: (max: { words: number; characters: number }) =>
      `Nothing was changed: at most ${max.words} words of at most ${max.characters} characters each can be blocked. Open the form again with fewer or shorter ones.`,
    pauseTitle: 'Pause /imagine in this server',
    reason: 'Reason',
    reasonHint: 'Shown to anyone who asks for an image. Images already begun are still finished.',
    confirmReset:
      'This removes every rule of this server: all models, everywhere, for everyone. The list of changes stays.',
    changes: 'List of changes',
    noChanges: 'Nobody has changed anything yet.',
    unknownChange: 'A change by another version of the bot',
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  },

  privacy: {
    title: 'Your data',
    stored: 'Stored about you',
    summary({ generations, unfinished, files, since }: PrivacySummary): string {
      if (generations === 0) return 'No requests.';
      const open = unfinished > 0 ? ` (${unfinished} unfinished)` : '';
      return `${count(generations, 'request')}${open}, each with its prompt, settings and place, and ${count(files, 'image file')}. The oldest is from ${relativeTime(since ?? 0)}.`;
    },
    howLong: 'For how long',
    kept: (days: number) =>
      `Deleted after ${count(days, 'day')}; the host’s backups may keep a copy for a few days more. Your /settings stay until you delete them.`,
    whereTo: 'Where it goes',
    sent: 'Prompts, reference images and images that tools are used on, without their metadata, are sent to the image service: JimmyAI, unless the bot’s host has set another one.',
    limits: 'Limits',
    counted:
      'How many images you asked for, and where, is kept for 2 days. Deleting images doesn’t give any back.',
    ruleChanges: 'Changes to server rules',
    changesKept: (changes: number, days: number) =>
      `${count(changes, 'change')} of yours, each kept for ${count(days, 'day')}: the server’s other admins rely on the list.`,
  },
  exported: 'Everything that is stored about you, as compressed JSON (gzip):',
  exportedPart: (number: number) => `Part ${number}, with further requests:`,
  confirmForget:
    'This deletes your finished requests with their prompts, your settings, and the files kept for you. Images already posted stay in Discord, and what counts toward limits is kept for 2 days. This can’t be undone.',
  forgot: (generations: number, unfinished: number) =>
    `Deleted ${count(generations, 'request')}.${unfinished > 0 ? ` ${unfinished} still unfinished: delete again afterwards.` : ''}`,

  accountTrouble: {
    'key-refused': `The image service refuses the bot’s key at the moment, so nothing was started. ${NOT_CHARGED} The bot’s operator has been told: ask again later.`,
    'no-credit': `The image service is out of credit at the moment, so nothing was started. ${NOT_CHARGED} The bot’s operator has been told: ask again later.`,
  } satisfies Record<AccountTroubleKind, string>,
  /** Told to the bot's owner. */
  accountNews({ kind, isOver, spendable }: News): string {
    const left = spendable === null ? '' : ` It has ${coins(spendable)} left.`;
    switch (kind) {
      case 'key-refused':
        return isOver
          ? '✅ The image service accepts the bot’s key again, and requests are served.'
          : '⚠️ The image service refuses the bot’s key. Until it is renewed, new requests are refused, and those in line wait. Put a valid key into JIMMYAI_API_KEY (OPENAI_API_KEY with IMAGE_API=openai) and restart the bot.';
      case 'no-credit':
        return isOver
          ? `✅ The image service has credit again, and requests are served.${left}`
          : `⚠️ The image service says that the credit is gone. Until the account is topped up, or the key’s quota raised, new requests are refused, and those in line wait.${left}`;
      case 'low-balance':
        return isOver
          ? `✅ The image service’s balance is no longer low.${left}`
          : `⚠️ The image service’s balance is low.${left} Top it up before requests are refused; /balance tells more.`;
    }
  },
  balance: {
    title: 'Balance',
    forOwners: (userIds: readonly string[]) =>
      userIds.length === 0
        ? 'Only the owner of this bot’s application can see that.'
        : `Only the ${userIds.length === 1 ? 'owner' : 'owners'} of this bot’s application can see that: ${mentions(userIds).join(SEPARATOR)}.`,
    account: (available: number, used: number | null) =>
      `**Account** ${coins(available)} left${used === null ? '' : `, ${coins(used)} used`}`,
    key: (name: string | null, available: number | null, total: number | null) =>
      `**Key**${name === null ? '' : ` ${literal(name)}:`} ${available === null ? 'no quota of its own' : `${coins(available)} left${total === null ? '' : ` of ${coins(total)}`}`}`,
    untold: 'The image service that is set tells no balance: its own pages do.',
    unknown: '⚠️ The image service doesn’t tell the balance at the moment. The log says why.',
    warningBelow: (threshold: number) => `You are warned when fewer than ${coins(threshold)} are left.`,
    spent: 'Spent in the last 24 hours',
    nothing: 'Nothing was asked for.',
    /** Without coins when the cost is unknown. */
    line: (name: string, { images, coins: spent }: Total, of: 'images' | 'answers' | 'both' = 'images') =>
      `${name} · ${SPENT_ON[of](images)}${spent === 0 ? '' : ` · ${coins(spent)}`}`,
    everything: 'Everything',
    byModel: 'By model',
    byPerson: 'By person',
    ofWeek: 'Spent in the last 7 days',
    others: (people: number) => `and ${count(people, 'other person', 'other people')}`,
  },

  noStorage:
    'The bot can’t write to its disk right now, so nothing was started or charged. Please tell its operator, and ask again later.',
  storageBusy:
    'The bot’s storage is busy at the moment: another program holds it. Nothing was started or charged. Please ask again in a moment.',
  databaseAway: 'The bot can’t reach its database right now. Please ask again in a moment.',
  storageAway:
    'The bot can’t reach its database right now, so nothing was started or charged. Please ask again in a moment.',
  notWritten: (number: string) =>
    `Something went wrong inside the bot, and nothing was started or charged. Its operator can find it in the log as ${number}.`,
  stopping: 'The bot is restarting right now. Please ask again in a minute.',
  unexpected: (number: string) =>
    `Something went wrong inside the bot. Its operator can find it in the log as ${number}.`,
  unknownCommand: 'The bot no longer has this command. Reload Discord (Ctrl+R) to see the current ones.',
};

function ratioNames(ratios: readonly Ratio[]): string {
  return ratios.map((ratio) => (ratio === 'auto' ? en.autoRatio : ratio)).join(SEPARATOR);
}

function count(number: number, thing: string, things = `${thing}s`): string {
  return `${number} ${number === 1 ? thing : things}`;
}

/** What coins were spent on. */
const SPENT_ON = {
  images: (number: number) => count(number, 'image'),
  answers: (number: number) => count(number, 'answer'),
  both: (number: number) => count(number, 'image or answer', 'images and answers'),
};

function coins(number: number): string {
  const rounded = coinNumber(number);
  return `${rounded} coin${rounded === '1' ? '' : 's'}`;
}

function amount(number: number, unit: Unit): string {
  return unit === 'images' ? count(number, 'image') : coins(number);
}

function mentions(userIds: readonly string[]): string[] {
  return userIds.map((id) => `<@${id}>`);
}

function ordinal(number: number): string {
  return `${number}${SUFFIXES[ORDINALS.select(number)]}`;
}

const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });
const SUFFIXES: Record<Intl.LDMLPluralRule, string> = {
  one: 'st',
  two: 'nd',
  few: 'rd',
  other: 'th',
  zero: 'th',
  many: 'th',
};

function perDay(refusal: Extract<LimitRefusal, { kind: 'per-day' }>, unit: Unit): string {
  const { scope, limit, used, wanted, freeAt } = refusal;
  const rule = `${WITHIN_A_DAY[scope]} ${amount(limit, unit)} in 24 hours`;
  const asked = `this request ${unit === 'images' ? 'is for' : 'costs about'} ${coinNumber(wanted)}`;
  const less = unit === 'images' ? 'ask for fewer' : 'ask for fewer images, or a lower resolution or quality';
  if (freeAt === null) return `${rule}, and ${asked}: ${less}.`;
  return `${rule}: ${coinNumber(used)} used so far, and ${asked}. There is room for it ${relativeTime(freeAt)}.`;
}

type PrivacySummary = Awaited<ReturnType<StoredData['summary']>>;

/** Everything the bot says. A language lacks nothing of it, or it doesn't compile. */
export type Text = typeof en;
