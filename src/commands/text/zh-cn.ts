import type { LimitRefusal, Scope, Unit } from '../../services/request/limits.ts';
import { modelOf, type Ratio, resolutionLabel } from '../../services/request/models.ts';
import type { Place } from '../../services/scheduler/fair-order.ts';
import { fileName, literal, quote, relativeTime } from '../markdown.ts';
import { channelMention, listed, modelLabel, roleMention } from '../rules/shown.ts';
import { coinNumber } from './amounts.ts';
import type { Text } from './en.ts';

const NOT_CHARGED = '没有扣费。';
const SHOWN_ENTRIES = 10;
const SEPARATOR = '、';
const NOTHING_HAPPENED = '什么都没有开始，也没有扣费。';
const WAITING: Record<Scope, string> = {
  person: '你已有',
  member: '你在这个服务器里已有',
  server: '这个服务器已有',
};

function ratioNames(ratios: readonly Ratio[]): string {
  return ratios.map((ratio) => (ratio === 'auto' ? zhCN.autoRatio : ratio)).join(SEPARATOR);
}
const AMONG: Record<Place['among'], string> = {
  own: '在你自己的请求之后',
  server: '在这个服务器里',
  all: '',
};
const WHO: Record<Scope | 'overall', string> = {
  person: '你',
  member: '你在这个服务器里',
  server: '这个服务器',
  overall: '这个机器人',
};

/** Everything the bot says, in Simplified Chinese. Values from outside are made literal here, as in English. */
export const zhCN: Text = {
  separator: SEPARATOR,
  command: {
    imagine: '根据描述生成图片',
    prompt: '描述你想要的画面',
    model: '用哪个模型生成',
    ratio: '图片的宽高比',
    resolution: '图片的尺寸',
    quality: '精细程度（仅限有此设置的模型）',
    transparent: '背景透明，适合贴纸和表情',
    count: '生成几张图片，每张单独计费',
    enhance: '先由模型改写提示词，看过之后再生成',
    reference: '作为参考的图片',
    reference_2: '第二张参考图片',
    reference_3: '第三张参考图片',
    reference_4: '第四张参考图片',
    mask: '第一张参考图片中可以修改的部分：此图片的透明区域',
    private: '只有你能看到回复',
    jobs: '你正在生成和最近生成的图片',
    history: '你的图片，最新的在前',
    search: '提示词中包含的文字',
    settings: '/imagine 的默认选项，以及完成时如何通知你',
    privacy: '保存了你的哪些数据，以及如何删除',
    imagineAdmin: '此服务器的 /imagine 规则：谁可以用、在哪里用、可以生成什么',
    balance: '图片服务账户的余额（仅限机器人的所有者）',
  },
  option: {
    prompt: '提示词',
    model: '模型',
    ratio: '宽高比',
    resolution: '分辨率',
    quality: '质量',
    transparent: '透明背景',
    count: '数量',
    enhance: '优化',
    reference: '参考图',
    reference_2: '参考图2',
    reference_3: '参考图3',
    reference_4: '参考图4',
    mask: '蒙版',
    private: '仅自己可见',
    search: '搜索',
    favourites: '仅收藏',
  },
  menu: { useAsReference: '用作参考图', imageDetails: '图片详情' },

  tool: {
    name: { upscale: '放大图片', 'remove-bg': '去除背景', describe: '描述图片', enhance: '优化提示词' },
    made: (tool) => (tool.name === 'upscale' ? `放大 ${tool.factor} 倍` : '已去除背景'),
    working: {
      upscale: '🔍 正在放大你的图片。',
      'remove-bg': '✂️ 正在去除背景。',
      describe: '💬 正在描述这张图片。',
      enhance: '✨ 正在优化你的提示词。',
    },
    ask: {
      upscale: (spent) =>
        `要放大多少倍？画面保持不变，不会由模型重新绘制。${spent === null ? '' : `费用约 ${coins(spent)}。`}`,
      'remove-bg': (spent) =>
        `将抠出图片的主体，生成透明背景的 PNG。${spent === null ? '' : `费用约 ${coins(spent)}。`}`,
    },
    factor: (factor, size) =>
      size === null ? `${factor} 倍` : `${factor} 倍 · ${size.width * factor} × ${size.height * factor}`,
    language: 'Simplified Chinese',
    whichDescribed: '要描述哪一张图片？',
    described: '图片内容',
    imagineThis: '照此生成图片',
    enhanced: '优化后的提示词',
    makeIt: '生成',
    restart: '🔄 机器人正在重启。之后会自动继续，答复会出现在这里。',
    useMine: '用我写的',
    tooManyAnswers: (freeAt) => `刚才请求的文字太多了。请在 ${relativeTime(freeAt)}再试。${NOTHING_HAPPENED}`,
    noAnswer: {
      'outcome-unknown': '图片服务没有给出明确的答复。可能已经扣费，也可能没有，所以机器人没有再次发送。',
      authentication: `图片服务拒绝了机器人的密钥：机器人的运营者需要更换密钥。${NOT_CHARGED}`,
      credit: `图片服务的余额已用完：机器人的运营者需要充值。${NOT_CHARGED}`,
      parameters: `图片服务拒绝了这个请求。${NOT_CHARGED}`,
      'model-unavailable': `图片服务没有向机器人的账户开放这项功能。${NOT_CHARGED}`,
      'content-policy': '图片服务的内容政策不允许这样做。',
      unavailable: `图片服务现在无法答复：请过几分钟再试。${NOT_CHARGED}`,
    },
    largeEnough: '这张图片在这里已经不能再放大了。',
    someImage: '消息中的图片',
    ended: {
      parameters: `图片服务拒绝了这张图片：请换一张再试。${NOT_CHARGED}`,
      'model-unavailable': `图片服务没有向机器人的账户开放这项功能。${NOT_CHARGED}`,
      'reference-unavailable': `无法从 Discord 取得这张图片，它可能已被删除。${NOT_CHARGED}`,
      'reference-not-an-image': `这不是图片，或者文件已损坏：请换成 PNG、JPEG、WebP、GIF 或 AVIF 文件。${NOT_CHARGED}`,
      'reference-unsupported': `这张图片的格式无法使用：请换成 PNG、JPEG、WebP、GIF 或 AVIF 文件。${NOT_CHARGED}`,
      'reference-too-large': `这张图片太大：请换一张小一些的。${NOT_CHARGED}`,
      'content-policy': '图片服务的内容政策不允许处理这张图片：请换一张。',
      'image-broken': '图片服务发来的不是图片，很可能已经扣费。可以重新操作一次。',
    },
  },

  ratio: {
    auto: '自动 · 由模型决定',
    '1:1': '1:1 · 方形',
    '3:2': '3:2 · 横向',
    '2:3': '2:3 · 纵向',
    '4:3': '4:3 · 横向',
    '3:4': '3:4 · 纵向',
    '5:4': '5:4 · 横向',
    '4:5': '4:5 · 纵向',
    '16:9': '16:9 · 宽屏',
    '9:16': '9:16 · 竖屏',
    '2:1': '2:1 · 横向',
    '1:2': '1:2 · 纵向',
    '3:1': '3:1 · 超宽横幅',
    '1:3': '1:3 · 超高竖幅',
    '21:9': '21:9 · 超宽屏',
    '9:21': '9:21 · 超宽屏竖向',
    '20:9': '20:9 · 手机横屏',
    '9:20': '9:20 · 手机竖屏',
    '19.5:9': '19.5:9 · 手机横屏',
    '9:19.5': '9:19.5 · 手机竖屏',
  },
  autoRatio: '自动',
  transparent: '透明背景',
  quality: { auto: '自动质量', low: '低', medium: '中', high: '高', xhigh: '超高', max: '最高' },

  problem(problem) {
    switch (problem.kind) {
      case 'empty-prompt':
        return '提示词是空的：请描述你想要的图片。';
      case 'prompt-too-long':
        return `提示词太长：请缩短到 ${problem.max} 个字符以内。`;
      case 'ratio':
        return problem.resolution
          ? `${modelOf(problem.model).label} 在 ${resolutionLabel(problem.resolution)} 下只支持这些比例：${ratioNames(problem.allowed)}。请选择其中之一，或降低分辨率。`
          : `${modelOf(problem.model).label} 只支持这些比例：${ratioNames(problem.allowed)}。请选择其中之一，或换一个模型。`;
      case 'resolution':
        return `${modelOf(problem.model).label} 只支持这些分辨率：${problem.allowed.map(resolutionLabel).join(SEPARATOR)}。请选择其中之一，或换一个模型。`;
      case 'quality':
        return `${modelOf(problem.model).label} 只有这些质量：${problem.allowed.map((quality) => zhCN.quality[quality]).join(SEPARATOR)}。请选择其中之一，或换一个模型。`;
      case 'transparency':
        return `${modelOf(problem.model).label} 不能生成背景透明的图片：请换一个模型，或去掉“transparent”选项。`;
      case 'mask-not-taken':
        return problem.allowed.length > 0
          ? `${modelOf(problem.model).label} 不支持蒙版：请选择 ${problem.allowed.map(modelLabel).join(SEPARATOR)}，或去掉蒙版后重试。`
          : '这里没有支持蒙版的模型：请去掉蒙版，并在提示词中说明要修改的内容。';
      case 'mask-alone':
        return '蒙版用来指定图片中可以修改的部分：请把要修改的图片附为“reference”，或去掉蒙版后重试。';
      case 'too-many-references':
        return `${modelOf(problem.model).label} 最多接受 ${problem.max} 张参考图片，你附上了 ${problem.given} 张：请去掉一些。`;
      case 'not-an-image':
        return problem.format
          ? `${fileName(problem.name)} 是 ${problem.format} 图片，无法使用：请以 PNG、JPEG、WebP、GIF 或 AVIF 格式附上。`
          : `${fileName(problem.name)} 不是可用的图片：请附上 PNG、JPEG、WebP、GIF 或 AVIF 文件。`;
      case 'reference-too-large':
        return `${fileName(problem.name)} 太大了：请附上不超过 ${problem.maxBytes / 2 ** 20} MB 的图片。`;
      case 'model-not-offered':
        if (problem.allowed.length === 0) return zhCN.noModelAllowed;
        return `这里已不再提供 ${modelLabel(problem.model)}：请选择 ${listed(problem.allowed.map(modelLabel), SHOWN_ENTRIES, SEPARATOR)}。`;
      case 'model-not-allowed':
        if (problem.allowed.length === 0) return zhCN.noModelAllowed;
        return `此服务器不允许使用 ${modelLabel(problem.model)}：请选择 ${listed(problem.allowed.map(modelLabel), SHOWN_ENTRIES, SEPARATOR)}。`;
      case 'resolution-not-allowed':
        return `此服务器最高允许 ${resolutionLabel(problem.max)}：请选择较低的分辨率。`;
      case 'quality-not-allowed':
        return `此服务器允许的最高质量是“${zhCN.quality[problem.max]}”：请选择较低的质量。`;
      case 'tool-not-offered':
        return `这里已不再提供“${zhCN.tool.name[problem.tool]}”。`;
      case 'tool-not-allowed':
        return `此服务器不允许使用“${zhCN.tool.name[problem.tool]}”。服务器管理者可以用 /imagine-admin 更改。`;
      case 'blocked-word':
        return `此服务器不允许提示词中出现“${literal(problem.word)}”：请换一种说法。`;
    }
  },
  noModelAllowed: '按此服务器的规则，这里提供的模型都不能使用。服务器管理者可以用 /imagine-admin 更改。',
  mayNotAttach:
    '机器人在这里没有附加文件的权限，所以什么都没有开始，也没有扣费。服务器管理员可以给它“附加文件”权限；也可以换一个频道。',
  limit(refusal, unit) {
    switch (refusal.kind) {
      case 'too-many-at-once':
        return `这里最多同时生成 ${refusal.limit} 张图片：请减少数量。${NOTHING_HAPPENED}`;
      case 'waiting': {
        const { scope, limit, freeAt } = refusal;
        const next = freeAt === null ? '其中一个开始' : `下一个开始（大约${relativeTime(freeAt)}）`;
        return `${WAITING[scope]} ${limit} 个请求在等待，已达上限：请在${next}之后再试。${NOTHING_HAPPENED}`;
      }
      case 'per-day':
        return `${perDay(refusal, unit)}${NOTHING_HAPPENED}`;
    }
  },
  tooManyRefused: (freeAt) =>
    `你最近有多个请求的参考图片无法使用。请${relativeTime(freeAt)}再用参考图片提交。${NOTHING_HAPPENED}`,
  tooManyUncharged: (freeAt) =>
    `你最近有大量请求没有结果。请${relativeTime(freeAt)}再试。${NOTHING_HAPPENED}`,
  tooManyDrafts: (freeAt) =>
    `你打开了很多表单和确认消息，但都没有完成。请先完成其中一个，或${relativeTime(freeAt)}再试。${NOTHING_HAPPENED}`,

  refusal(refusal) {
    switch (refusal.kind) {
      case 'paused':
        return `此服务器暂停了图片生成：什么都没有开始，也没有扣费。服务器管理者可以恢复：请稍后再提交。${refusal.reason ? `\n${quote(refusal.reason)}` : ''}`;
      case 'role':
        return `在此服务器，身份组 ${roleMention(refusal.roleId)} 的成员不能生成图片。服务器管理者可以更改。`;
      case 'channel':
        return `这个频道不能生成图片。请前往 ${listed(refusal.allowed.map(channelMention), SHOWN_ENTRIES, SEPARATOR)}。`;
    }
  },
  adapted: '已按此服务器的规则调整了你的默认选项。',

  confirm: (images, settings, spent) =>
    `这将生成 ${images} 张图片，每张单独计费${spent === null ? '' : `，共约 ${coins(spent)}`}：${settings}`,

  ended: {
    authentication: `图片服务拒绝了机器人的密钥：需要机器人的运营者更新密钥。${NOT_CHARGED}`,
    credit: `图片服务的额度已用完：需要机器人的运营者充值。${NOT_CHARGED}`,
    parameters: `图片服务拒绝了这个请求：请修改后重试。${NOT_CHARGED}`,
    'model-unavailable': `图片服务没有为机器人的账户开通这个模型：请点“修改提示词”换一个模型。${NOT_CHARGED}`,
    'rate-limited': `图片服务目前繁忙：请几分钟后重试。${NOT_CHARGED}`,
    unavailable: `图片服务暂时不可用：请几分钟后重试。${NOT_CHARGED}`,
    unreachable: `无法连接图片服务：请几分钟后重试。${NOT_CHARGED}`,
    'unknown-answer': '图片服务没有接受这个请求：请稍后重试。',
    'reference-unavailable': `无法从 Discord 获取{image}：请重新附上，或不用这张图。${NOT_CHARGED}`,
    'reference-not-an-image': `{image}不是图片，或已损坏：请附上 PNG、JPEG、WebP、GIF 或 AVIF 文件，或不用这张图。${NOT_CHARGED}`,
    'reference-unsupported': `{image}是不支持的图片类型：请以 PNG、JPEG、WebP、GIF 或 AVIF 格式附上，或不用这张图。${NOT_CHARGED}`,
    'reference-too-large': `{image}太大了：请附上小一些的版本，或不用这张图。${NOT_CHARGED}`,
    'reference-shape': `{image}过于细长，这个模型无法使用：请换一张宽高比合适的图、不用这张图，或点“修改提示词”换一个模型。${NOT_CHARGED}`,
    'reference-mask-opaque': `蒙版没有透明区域，因此没有可以修改的部分：请附上在可修改处透明的 PNG 或 WebP，或去掉蒙版。${NOT_CHARGED}`,
    'reference-mask-size': `蒙版与第一张参考图片的尺寸不同：请附上宽高相同的蒙版，或去掉蒙版。${NOT_CHARGED}`,
    'reply-gone': `Discord 没有及时收到机器人的响应：请重试。${NOT_CHARGED}`,
    'content-policy': '模型的内容政策不允许这个请求：请修改提示词或参考图片后重试。',
    'model-failed': '图片服务没能生成这张图片：请重试，或修改提示词。',
    'task-unknown': '图片服务已查不到这个任务：请重试。',
    deadline: '图片服务用时过长，机器人已停止等待：请稍后再次检查。',
    'outcome-unknown':
      '请求已经发出，但没有收到图片服务的明确答复：可能已扣费，也可能没有，所以机器人没有重新发送。',
    'cancelled-unsent': `已在图片服务接受之前取消。${NOT_CHARGED}`,
    'cancelled-sent':
      '已不再等待。但无法让图片服务停下：图片仍会生成，并且会扣费。3 天之内可以用“仍要获取”取得图片。',
    'image-gone': '图片服务生成了图片，但在应有的位置找不到它：请稍后再次检查。图片服务会保存图片 3 天。',
    'image-forbidden': '图片服务生成了图片，但放在了机器人不可访问的地方：请告诉机器人的运营者。',
    'image-broken': '图片服务生成了图片，但发来的图片不完整：请稍后再次检查。图片服务会保存图片 3 天。',
    'image-in-part':
      '图片服务生成了图片，但只发来了一部分，已显示在这里：请稍后再次检查。图片服务会保存图片 3 天。',
    'image-unreachable': '图片服务生成了图片，但无法下载：请稍后再次检查。图片服务会保存图片 3 天。',
    'image-unsupported': '图片服务生成了图片，但它的格式无法在这里显示：请打开原图，或告诉机器人的运营者。',
    'image-expired': '图片服务生成了图片，但图片只保存 3 天，而在这段时间内没能取得：请重试。',
    'too-large': '图片已生成，但压缩到最小后仍超过这里的大小限制。',
    'discord-refused': '图片已生成，但 Discord 拒绝在这里显示。',
    'nowhere-to-deliver': '图片已生成，但已经没有可以显示它的地方。',
  },
  yourPrompt: '你的提示词',
  someReference: '一张参考图片',
  nthReference: (number) => `参考图片 ${number}`,
  image: (number, words) => `第 ${number} 张：${words}`,
  imageOf: (number, all) => `第 ${number} 张，共 ${all} 张`,
  variation: {
    strong: '以这张图片为基础生成一个新版本：保留主体和风格，改变构图和细节。',
    subtle: '对这张图片做细微的变化：保留主体、风格和构图，只改动小的细节。',
  },
  gloss: () => null,

  sending: '📨 正在发送给图片服务。',
  queued: '⏳ 正在等待图片服务开始。',
  inLine: ({ number, among }) => `${AMONG[among]}排在第 ${number} 位`,
  held: {
    'key-refused':
      '⚠️ 图片服务目前拒绝机器人的密钥。你的位置会保留：机器人的运营者更新密钥后会自动继续。取消不会扣费。',
    'no-credit': '⚠️ 图片服务的额度目前已用完。你的位置会保留：机器人的运营者充值后会自动继续。取消不会扣费。',
  },
  cancelling: '✖️ 正在取消……',
  working: '🎨 正在生成你的图片。',
  fetching: '📥 你的图片已完成，马上就到。',
  about: (percent) => `约 ${percent}%`,
  started: (time) => `${time}开始`,
  expected: (time) => `预计${time}完成`,
  soon: '马上就好',
  overdue: '用时比平时长',
  done: (ready, all) => `🎨 已完成 ${ready}/${all} 张`,
  trouble: {
    unreachable: '⚠️ 现在无法连接图片服务，仍在尝试。',
    'key-refused': '⚠️ 图片服务现在拒绝机器人的密钥：需要运营者更新密钥。仍在尝试。',
    confused: '⚠️ 图片服务现在返回错误，仍在尝试。',
    download: '⚠️ 你的图片已完成，但现在无法下载。仍在尝试。',
    storage: '⚠️ 机器人现在无法写入磁盘，所以还没有发送任何请求。仍在尝试。',
  },
  restart: '🔄 机器人正在重启。之后会自动继续，图片会出现在这里。',
  restartUncertain: '🔄 机器人在发送你的请求时需要重启。结果之后会出现在这里。',
  broken: '⚠️ 机器人内部出了问题。它会自动重试；运营者可以在日志中找到原因。',
  textRefused: '-# Discord 拒绝了这条回复的文字，所以没有显示。',
  moved: 'Discord 拒绝在这里显示结果，所以已用另一条消息发送。',
  reference: (number) => `编号 ${number}`,
  qualityIgnored: (model) => `${modelOf(model).label} 没有质量设置，所以没有发送你选的质量。`,
  converted: '原文件超过这里的大小限制，所以无损转换成了 WebP。',
  compressed: (quality) => `原文件超过这里的大小限制，所以压缩成了质量为 ${quality} 的 WebP。`,
  shrunk: (width, height) => `原文件超过这里的大小限制，所以缩小到了 ${width} × ${height} 像素。`,
  original: (url) => `[原图](${url})，保存 3 天。`,
  references: (given) => `${given} 张参考图`,
  images: (made) => `${made} 张图片`,
  by: (userId) => `由 <@${userId}> 发起`,
  madeFrom: (url) => `基于[这条消息](${url})。`,
  notLasting:
    '机器人只能在 15 分钟之内更新这条消息。如果需要更久，图片会以私信发送，也可以在 /history 中找到。',
  duration(seconds) {
    return seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒`;
  },

  notice: {
    done: (images, url) => `你的${images > 1 ? ` ${images} 张` : ''}图片完成了${url ? `：${url}` : '。'}`,
    answered: (url) => `你要的文字完成了${url ? `：${url}` : '。'}`,
    ended: (url) => `你的请求没有生成图片${url ? `：${url}` : '。'}`,
  },

  way: {
    make: (parts) => `改为：${parts.join('、')}`,
    model: (label) => label,
    resolution: (label) => label,
    ratio: (ratio) => (ratio === 'auto' ? '自动比例' : ratio),
    quality: (quality) => (quality === 'auto' ? '自动质量' : `质量“${zhCN.quality[quality]}”`),
    opaque: '不透明背景',
    others: '其他可行的选择',
  },
  wayTaken: '这里没有可选的了：图片已经在生成，或者请求已被删除。',

  button: {
    cancel: '取消',
    stopWaiting: '不再等待',
    getAnyway: '仍要获取',
    check: '再次检查',
    retry: '重试',
    again: '再来一次',
    againTimes: (images) => `再来 ${images} 张`,
    edit: '修改提示词',
    reference: '用作参考图',
    enlarge: (number) => `U${number}`,
    vary: (number) => `V${number}`,
    varyStrong: '强变化',
    varySubtle: '弱变化',
    delete: '删除',
    image: (number) => `第 ${number} 张`,
    make: (images) => `生成 ${images} 张`,
    dismiss: '不生成了',
    leaveOut: '不用这张图',
    send: (number) => `发送 ${number}`,
    sendImage: '发到这里',
    newer: '较新',
    older: '较早',
    defaults: '修改默认选项',
    notices: '通知设置',
    reset: '恢复初始设置',
    export: '导出为 JSON',
    forget: '全部删除',
    forgetNow: '是的，全部删除',
    imageRules: '模型与尺寸',
    peopleRules: '身份组与频道',
    words: '屏蔽词',
    memberLimits: '成员限额',
    serverLimits: '服务器限额',
    pause: '暂停',
    resume: '恢复',
    ruleChanges: '更改记录',
    back: '返回',
    resetNow: '是的，重置全部规则',
  },
  modal: {
    edit: '修改提示词',
    reference: '用作参考图',
    prompt: '提示词',
    change: '想怎么改？',
    changeHint: '图片会一起发送；请说明要怎么处理它',
    model: '模型',
    ratio: '宽高比',
    resolution: '分辨率',
    quality: '质量（仅限有此设置的模型）',
    options: '数量、分辨率、质量、背景',
    optionsHint: '新选的选项会替换原来的。',
    inResolution: (label) => `分辨率：${label}`,
    inQuality: (label) => `质量：${label}`,
    transparent: '透明背景',
    references: '参考图',
    attached: '供模型参考的图片，最多 10 张。',
    replaced: (given) => `不选则保留原有的 ${given} 张；在这里选择的图片（最多 10 张）会替换它们。`,
    moreReferences: '更多参考图',
    added: (given) => `与原有的 ${given} 张图片一起发送。有的模型只接受少数几张。`,
    defaults: '/imagine 的默认选项',
    botDecides: '没有默认',
    private: '谁能看到回复',
    everyone: '这里的所有人',
    onlyMe: '只有我',
    notices: '图片完成时',
    notify: '通知我',
    off: '不通知',
    mention: '提及我',
    direct: '发私信',
    delete: '删除',
    deleteWhat: '要删除什么',
    deleted: { message: '仅这里的消息', everything: '消息，以及保存的全部相关数据' },
    deleteHint: '如果只删除消息，图片仍保留在你的 /history 中。无论哪种，都不会退还用量。',
    deleteOthersHint: '图片仍会保留在请求者的历史记录中。',
    after: '仅当用时超过（秒）',
    afterHint: '留空则每次都通知',
  },

  redraw: (resolution) => `重绘为 ${resolution}`,
  whichReference: '用哪一张作为参考图？',
  whichLarger: (resolution) => `要把哪一张重绘为 ${resolution}？`,
  notYours: (userId) => `只有 <@${userId}> 可以这样做。`,
  notYoursToManage: (userId) => `只有 <@${userId}> 和这里的消息管理者可以这样做。`,
  notYoursToRule: '只有可以管理此服务器的人（“管理服务器”权限）才能查看和更改规则。',
  notYoursToSee: '你不能使用那张图片。',
  notYourReferences: (userId) =>
    `只有 <@${userId}> 可以这样做，因为会用到其本人的参考图片。可以用“用作参考图”从结果继续。`,
  checkedElsewhere: (url) => `已在[另一条消息](${url})中继续。`,
  forgotten: '这个请求已不存在：可能已用过，或已被删除。请用 /imagine 重新请求。',
  confirmStop:
    '图片服务已经开始，无法让它停下：即使不再等待，图片仍会生成，并且会扣费。3 天之内仍可以取得图片。',
  tooLateToCancel: '已经结束，无法取消。',
  beingChecked: '已经在检查了。',
  retryUnderWay: '已经在重试了。',
  nothingToCheck: '这里没有需要检查的内容了。',
  imageLost: '已经无法获取那张图片。请从 Discord 保存它，再作为参考图附到 /imagine。',
  noLarger: '这个模型在这个宽高比下没有更大的尺寸。',
  noImageThere(instead) {
    if (instead?.kind === 'sticker')
      return '那条消息里是贴纸，贴纸不能用作参考图：请使用带有 PNG、JPEG、WebP、GIF 或 AVIF 图片的消息。';
    return instead
      ? `那条消息里是 ${instead.format} 图片，不能用作参考图：请以 PNG、JPEG、WebP、GIF 或 AVIF 格式发送。`
      : '那条消息里没有可用的图片。';
  },
  notMine: '那条消息不是这个机器人生成的图片。',
  unknownButton: '这个按钮来自机器人的另一个版本，已经不起作用。',

  details: {
    title: '图片详情',
    by: (userId, time) => `由 <@${userId}> ${time}生成`,
    cost: (spent) => `费用 ${coins(spent)}`,
  },

  jobs: '你的图片',
  inProgress: '进行中',
  finished: '已结束',
  noJobs: '你在这里还没有图片。输入 /imagine 来生成一张。',
  jump: '跳转',
  sendWith: (number) => `用“发送 ${number}”取得`,
  state: {
    reserved: '等待中',
    submitting: '等待中',
    running: '生成中',
    completed: '马上就到',
    delivered: '已送达',
    undeliverable: '未送达',
    failed: '失败',
    expired: '超时',
    cancelled: '已取消',
    refused: '被拒绝',
    unconfirmed: '可能已扣费',
  },

  contactSheet: {
    favouritesOption: '只看收藏',
    favourites: '收藏',
    all: '全部图片',
    allDays: '所有日期',
    allModels: '所有模型',
    dateLocale: 'zh-CN',
    day: (date) => `${date}（UTC）`,
    searched: (search) => `“${search}”`,
    noFavourites: '你还没有收藏。在自己的图片下方点击“收藏”即可添加。',
    noneLikeThat: '没有符合条件的图片。请选择其他日期或模型。',
    onlySmall: '只剩下这张小预览图。',
    star: '收藏',
    unstar: '取消收藏',
    starred: '⭐ 已加入你的收藏，可在 /history 中查看。',
    unstarred: '已取消收藏。',
    back: '返回',
    remove: '移除',
    keep: '保留',
    confirmRemove:
      '要从历史记录中移除它吗？机器人会删除它的提示词、设置和文件。带有图片的消息会留在 Discord，但其中的按钮将失效。计入用量限制的记录会保留 2 天。此操作无法撤销。',
    zip: '下载 ZIP',
    zipPart: (number, images) => `第 ${number} 部分：${images} 张图片。`,
    zipSmall: (images) => `有 ${images} 张图片已无法获取，ZIP 中以小预览图代替。`,
    zipMissing: (images) => `有 ${images} 张图片已无法获取。`,
    zipMore: '你的收藏较多，一次放不下。',
    zipNext: '继续下载',
    zipEmpty: '这些收藏都已无法获取。',
    zipTooOften: (freeAt) => `你刚刚下载得太多了。${relativeTime(freeAt)}可以继续。`,
  },

  history: {
    none: '你还没有图片。输入 /imagine 来生成一张。',
    noneFound: (search) => `没有提示词包含“${literal(search)}”的图片。`,
    pictureElsewhere: '这里无法显示这张图片。',
  },

  settings: {
    title: '你的设置',
    defaults: '不带其他选项时，/imagine 会生成：',
    line: (name, value) => `${name}：**${value}**`,
    here: (line) => `按此服务器的规则，这里会生成 ${line}。`,
    notify: {
      off: '图片完成时不通知你。',
      mention: '图片完成时会提及你。',
      direct: '图片完成时会给你发私信。',
    },
    after: (seconds) => `仅当用时超过 ${seconds} 秒。`,
    badSeconds: '请填写整数秒数，例如 60，或者留空。',
  },

  rules: {
    title: '此服务器的 /imagine 规则',
    images: { title: '模型与尺寸', hint: '更改立即生效，对已有图片下方的按钮也是如此。' },
    people: {
      title: '身份组与频道',
      hint: '子区按其所属频道计算。豁免只针对此服务器的限额：其他规则对所有人都有效。',
    },
    field: {
      models: '模型',
      refusedTools: '禁用的工具',
      maxResolution: '最高分辨率',
      maxQuality: '最高质量',
      channels: '频道',
      refusedRoles: '禁止使用的身份组',
      exemptRoles: '豁免限额的身份组',
      memberRunning: '每位成员同时进行',
      memberWaiting: '每位成员排队',
      memberPerDay: '每位成员 24 小时内',
      serverRunning: '整个服务器同时进行',
      serverWaiting: '整个服务器排队',
      serverPerDay: '整个服务器 24 小时内',
      blockedWords: '屏蔽词',
      paused: '已暂停',
    },
    line: (name, value) => `**${name}：** ${value}`,
    all: '全部',
    everywhere: '所有频道',
    none: '无',
    noLimit: '不限',
    hosts: '机器人的默认值',
    yes: '是',
    no: '否',
    atMost: (field, value) => `${field}：${value}`,
    pick: (field) => `${field}：未选择`,
    limitsOf: { member: '每位成员的限额', server: '服务器的限额' },
    limits: ({ running, waiting, perDay }, unit) =>
      [running, waiting, perDay].every((limit) => limit === null)
        ? '无'
        : `同时 ${running ?? '不限'}，排队 ${waiting ?? '不限'}，24 小时内 ${perDay === null ? '不限' : amount(perDay, unit)}`,
    limit: (unit) => [
      '同时进行的请求',
      '排队的请求',
      unit === 'images' ? '24 小时内的图片' : '24 小时内的币',
    ],
    openLimit: (hosts) => `留空则按机器人运营者的设置（${hosts}）；填更大的数不会放宽。`,
    badLimit: {
      images: '每项限额请填写从 1 开始的整数，例如 5，或者留空。',
      coins: '每项限额请填写从 1 开始的整数；币数也可以是小数，例如 0.5。也可以留空。',
    },
    wordsField: '提示词中不能出现的词',
    wordsHint: '每行一个；英文等按整词匹配，不区分大小写和重音。',
    tooManyWords: ({ words, characters }) =>
      `什么都没有更改：最多可屏蔽 ${words} 个词，每个不超过 ${characters} 个字符。请重新打开表单，减少或缩短词语。`,
    pauseTitle: '在此服务器暂停 /imagine',
    reason: '原因',
    reasonHint: '会显示给请求图片的人。已经开始的仍会完成。',
    confirmReset: '这会取消此服务器的所有规则：所有模型、所有频道、所有人都可以使用。更改记录会保留。',
    changes: '更改记录',
    noChanges: '还没有人更改过。',
    unknownChange: '由机器人的另一个版本所做的更改',
    page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
  },

  privacy: {
    title: '你的数据',
    stored: '保存了什么',
    summary({ generations, unfinished, files, since }) {
      if (generations === 0) return '没有任何请求。';
      const open = unfinished > 0 ? `（其中 ${unfinished} 个未完成）` : '';
      return `${generations} 个请求${open}，包括提示词、设置和位置，以及 ${files} 个图片文件。最早的来自${relativeTime(since ?? 0)}。`;
    },
    howLong: '保存多久',
    kept: (days) => `${days} 天后删除，但运营者的备份可能还会多保留几天。你的 /settings 会保留到你删除为止。`,
    whereTo: '发送到哪里',
    sent: '提示词、参考图片以及用工具处理的图片（不含元数据）会发送给图片服务：默认为 JimmyAI，机器人的运营者也可能改用其他服务。',
    limits: '用量限制',
    counted: '你在哪里请求了多少张图片，这项记录保留 2 天。删除图片不会退还用量。',
    ruleChanges: '服务器规则的更改',
    changesKept: (changes, days) => `你有 ${changes} 条更改记录，每条保留 ${days} 天：其他管理者需要它们。`,
  },
  exported: '保存的关于你的全部数据（gzip 压缩的 JSON）：',
  exportedPart: (number) => `第 ${number} 部分，其余的请求：`,
  confirmForget:
    '这会删除你已完成的请求及其提示词、你的设置和保存的文件。已经发布的图片会留在 Discord，计入用量限制的记录会保留 2 天。此操作无法撤销。',
  forgot: (generations, unfinished) =>
    `已删除 ${generations} 个请求。${unfinished > 0 ? `还有 ${unfinished} 个未完成：请之后再删除一次。` : ''}`,

  accountTrouble: {
    'key-refused': `图片服务目前拒绝机器人的密钥，所以什么都没有开始。${NOT_CHARGED}已经通知机器人的运营者：请稍后再提交。`,
    'no-credit': `图片服务的额度目前已用完，所以什么都没有开始。${NOT_CHARGED}已经通知机器人的运营者：请稍后再提交。`,
  },
  accountNews({ kind, isOver, spendable }) {
    const left = spendable === null ? '' : `还剩 ${coins(spendable)}。`;
    switch (kind) {
      case 'key-refused':
        return isOver
          ? '✅ 图片服务重新接受了机器人的密钥，请求已恢复处理。'
          : '⚠️ 图片服务拒绝了机器人的密钥。在更新密钥之前，新的请求会被拒绝，排队的请求会继续等待。请把有效的密钥填入 JIMMYAI_API_KEY（IMAGE_API=openai 时为 OPENAI_API_KEY），然后重启机器人。';
      case 'no-credit':
        return isOver
          ? `✅ 图片服务又有额度了，请求已恢复处理。${left}`
          : `⚠️ 图片服务表示额度已用完。在充值或提高密钥额度之前，新的请求会被拒绝，排队的请求会继续等待。${left}`;
      case 'low-balance':
        return isOver
          ? `✅ 图片服务的余额不再偏低。${left}`
          : `⚠️ 图片服务的余额偏低。${left}请在请求被拒绝之前充值：详情见 /balance。`;
    }
  },
  balance: {
    title: '余额',
    forOwners: (userIds) =>
      userIds.length === 0
        ? '只有这个机器人应用的所有者可以查看。'
        : `只有这个机器人应用的所有者可以查看：${userIds.map((id) => `<@${id}>`).join(SEPARATOR)}。`,
    account: (available, used) =>
      `**账户** 剩余 ${coins(available)}${used === null ? '' : `，已用 ${coins(used)}`}`,
    key: (name, available, total) =>
      `**密钥** ${name === null ? '' : `${literal(name)}：`}${available === null ? '没有单独的额度' : `剩余 ${coins(available)}${total === null ? '' : `，共 ${coins(total)}`}`}`,
    untold: '当前设置的图片服务不提供余额查询，请到该服务的网站查看。',
    unknown: '⚠️ 图片服务目前没有告知余额：原因见日志。',
    warningBelow: (threshold) => `余额低于 ${coins(threshold)}时会提醒你。`,
    spent: '最近 24 小时的消耗',
    nothing: '没有任何请求。',
    line: (name, { images, coins: spent }, of = 'images') =>
      `${name} · ${SPENT_ON[of](images)}${spent === 0 ? '' : ` · ${coins(spent)}`}`,
    everything: '合计',
    byModel: '按模型',
    byPerson: '按用户',
    ofWeek: '最近 7 天的消耗',
    others: (people) => `以及另外 ${people} 人`,
  },

  noStorage: '机器人现在无法写入磁盘，所以什么都没有开始，也没有扣费。请告诉机器人的运营者，稍后再提交。',
  storageBusy: '机器人的存储正被另一个程序占用，所以什么都没有开始，也没有扣费。请稍后再试。',
  databaseAway: '机器人暂时连不上它的数据库，请稍后再试。',
  storageAway: '机器人暂时连不上它的数据库，所以什么都没有开始，也没有扣费。请稍后再试。',
  notWritten: (number) =>
    `机器人内部出了问题，所以什么都没有开始，也没有扣费。运营者可以在日志中用 ${number} 找到它。`,
  stopping: '机器人正在重启。请一分钟后再提交。',
  unexpected: (number) => `机器人内部出了问题。运营者可以在日志中用 ${number} 找到它。`,
  unknownCommand: '机器人已经没有这个命令。请重新加载 Discord（Ctrl+R）查看现有命令。',
};

const SPENT_ON = {
  images: (number: number) => `${number} 张图片`,
  answers: (number: number) => `${number} 次答复`,
  both: (number: number) => `${number} 张图片和答复`,
};

function coins(number: number): string {
  return `${coinNumber(number)} 币`;
}

function amount(number: number, unit: Unit): string {
  return `${coinNumber(number)} ${MEASURES[unit]}`;
}

const MEASURES: Record<Unit, string> = { images: '张', coins: '币' };

function perDay(refusal: Extract<LimitRefusal, { kind: 'per-day' }>, unit: Unit): string {
  const { scope, limit, used, wanted, freeAt } = refusal;
  const rule = `${WHO[scope]} 24 小时内最多可以${unit === 'images' ? '生成' : '使用'} ${amount(limit, unit)}${unit === 'images' ? '图片' : ''}`;
  const needs = unit === 'images' ? '需要' : '约需';
  const less = unit === 'images' ? '请减少数量' : '请减少数量，或降低分辨率或质量';
  if (freeAt === null) return `${rule}，而这个请求${needs} ${amount(wanted, unit)}：${less}。`;
  return `${rule}：已用 ${amount(used, unit)}，这个请求${needs} ${amount(wanted, unit)}，${relativeTime(freeAt)}就够了。`;
}
