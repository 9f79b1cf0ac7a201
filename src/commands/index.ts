import type { ModelId } from '../services/request/models.ts';
import { TOOLS, type Tool } from '../services/request/tools.ts';
import { balance } from './balance.ts';
import { again } from './buttons/again.ts';
import { cancel } from './buttons/cancel.ts';
import { check } from './buttons/check.ts';
import { confirm, dismiss } from './buttons/confirm.ts';
import { deleteReply, replyDeleted } from './buttons/delete.ts';
import { draftCompleted, editDraft } from './buttons/draft.ts';
import { edit, edited } from './buttons/edit.ts';
import { enlarge } from './buttons/enlarge.ts';
import {
  filterHistory,
  nextEntry,
  openEntry,
  openSheet,
  previousEntry,
  showStarred,
} from './buttons/history.ts';
import { larger } from './buttons/larger.ts';
import { exportData, forget, forgetNow } from './buttons/privacy.ts';
import { reference, referenceGiven } from './buttons/reference.ts';
import { askRemove, removeNow } from './buttons/remove.ts';
import { retry } from './buttons/retry.ts';
import { openRuleChanges } from './buttons/rule-changes.ts';
import { limitsChanged, openLimits } from './buttons/rule-limits.ts';
import { openPause, paused, resume } from './buttons/rule-pause.ts';
import { askReset, resetRules } from './buttons/rule-reset.ts';
import { openWords, wordsChanged } from './buttons/rule-words.ts';
import { openRules, pickRule } from './buttons/rules.ts';
import { send } from './buttons/send.ts';
import {
  changeDefaults,
  changeNotices,
  defaultsChanged,
  noticesChanged,
  resetSettings,
} from './buttons/settings.ts';
import { star } from './buttons/star.ts';
import { tryAgain } from './buttons/try.ts';
import { newer, older } from './buttons/turn.ts';
import { varyStrongly, varySubtly } from './buttons/vary.ts';
import { pickWay, takeWay } from './buttons/way.ts';
import { packFavourites } from './buttons/zip.ts';
import type { Handlers } from './dispatch.ts';
import { history } from './history.ts';
import { imageDetails } from './image-details.ts';
import { imagineWith } from './imagine.ts';
import { imagineAdmin } from './imagine-admin.ts';
import { jobs } from './jobs.ts';
import { privacy } from './privacy.ts';
import { settings } from './settings.ts';
import { describeMessage, describePicked } from './tools/describe.ts';
import { enhance } from './tools/enhance.ts';
import {
  removeBackground,
  removeBackgroundOfMessage,
  upscale,
  upscaleMessage,
} from './tools/picture-tools.ts';
import { useTool } from './tools/use-tool.ts';
import { useAsReference } from './use-as-reference.ts';

/**
 * All handlers, with a choice of these models and tools. The bot registers and dispatches to these. The button of a tool
 * that isn't offered any more says so.
 */
export const createHandlers = (models: readonly ModelId[], tools: readonly Tool[] = TOOLS): Handlers => ({
  commands: [imagineWith(models, tools), history, jobs, settings, privacy, imagineAdmin, balance],
  menus: [
    useAsReference,
    ...(tools.includes('upscale') ? [upscaleMessage] : []),
    ...(tools.includes('remove-bg') ? [removeBackgroundOfMessage] : []),
    ...(tools.includes('describe') ? [describeMessage] : []),
    imageDetails,
  ],
  buttons: [
    cancel,
    check,
    retry,
    send,
    again,
    edit,
    editDraft,
    takeWay,
    reference,
    larger,
    enlarge,
    varyStrongly,
    varySubtly,
    upscale,
    removeBackground,
    useTool,
    describePicked,
    enhance,
    deleteReply,
    confirm,
    dismiss,
    tryAgain,
    older,
    newer,
    openSheet,
    showStarred,
    openEntry,
    nextEntry,
    previousEntry,
    star,
    askRemove,
    removeNow,
    packFavourites,
    changeDefaults,
    changeNotices,
    resetSettings,
    exportData,
    forget,
    forgetNow,
    openRules,
    openWords,
    openLimits,
    openPause,
    resume,
    openRuleChanges,
    askReset,
    resetRules,
  ],
  selects: [pickRule, filterHistory, pickWay],
  modals: [
    edited,
    referenceGiven,
    draftCompleted,
    replyDeleted,
    defaultsChanged,
    noticesChanged,
    wordsChanged,
    limitsChanged,
    paused,
  ],
});
