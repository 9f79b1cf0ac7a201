import { type Dispatcher, FormData } from 'undici';
import { createCalls } from '../image-service/calls.ts';
import { createHttp, type HttpRequest, TIMEOUTS } from '../image-service/http.ts';
import {
  ANSWER_RETRY,
  ASK_ONCE,
  CREATE_RETRY,
  QUERY_RETRY,
  type RetryOptions,
  UPLOAD_RETRY,
} from '../image-service/retry.ts';
import type {
  Attempt,
  Billed,
  CallOptions,
  ImageFile,
  MadeAtOnce,
  TaskReport,
} from '../image-service/service.ts';
import { INLINE_IMAGE } from '../images/inline-image.ts';
import type { Tunnels } from '../proxy/tunnels.ts';
import type { PictureTool } from '../request/tools.ts';
import {
  type AccountBalance,
  type KeyBalance,
  readAccountBalance,
  readCatalog,
  readCreatedTask,
  readKeyBalance,
  readPicture,
  readSaid,
  readTaskReport,
  readUploadedFile,
} from './answers.ts';
import { toolCall } from './picture-tools.ts';
import { CandidatesSchema, ChoicesSchema } from './schemas.ts';
import { chatFields, type PictureQuestion, type Rewriting, understandFields } from './text-tools.ts';

export type { AccountBalance, Attempt, CallOptions, KeyBalance, TaskReport };

/** The JimmyAI image API. Every call throws ImageServiceError, and retries by itself if that can't pay twice. */
export interface JimmyAi {
  /** Starts one image. The `charged` of an error tells whether it may have been paid for nevertheless. */
  createImageTask(request: CreateImageTask, options?: CallOptions): Promise<{ taskId: string } & Billed>;
  /**
   * Makes a picture of the one at `imageUrl`, and answers once it is made. The `charged` of an error tells whether it
   * may have been paid for nevertheless.
   */
  usePictureTool(tool: PictureTool, imageUrl: string, options?: CallOptions): Promise<MadeAtOnce & Billed>;
  /** A model's words about a picture. The `charged` of an error tells whether they may have been paid for nevertheless. */
  askAboutPicture(question: PictureQuestion, options?: CallOptions): Promise<{ text: string }>;
  /** A text as a model rewrites it. The `charged` of an error tells whether it may have been paid for nevertheless. */
  rewrite(rewriting: Rewriting, options?: CallOptions): Promise<{ text: string }>;
  /** The state of a task. An undocumented status counts as 'running'. Throws kind 'parameters' for an unknown task. */
  queryImageTask(taskId: string, options?: CallOptions): Promise<TaskReport>;
  /** The image that a finished task's answer contains, as a data URI, or else its URL; null when there is neither. */
  queryImage(taskId: string, options?: CallOptions): Promise<string | null>;
  /** Uploads a reference of at most 100 MB, which the service keeps for about three days. */
  uploadFile(file: ImageFile, options?: CallOptions): Promise<{ url: string }>;
  /** The account's balance, in the service's coins. */
  queryAccountBalance(options?: CallOptions): Promise<AccountBalance>;
  /** The part of the balance that the key may spend. */
  queryKeyBalance(options?: CallOptions): Promise<KeyBalance>;
  /** The service's public prices in coins, by billing name. Doesn't send the key. */
  queryCatalog(options?: CallOptions): Promise<ReadonlyMap<string, number>>;
  /** Calls the listener after each try of any call. */
  onAttempt(listener: (attempt: Attempt) => void): void;
  /** Waits for running calls, then closes the connections. */
  close(): Promise<void>;
}

export interface CreateImageTask {
  model: string;
  prompt: string;
  ratio?: string;
  resolution?: string;
  quality?: string;
  background?: string;
  output_format?: string;
  /** URLs that the service can reach, or data URIs. */
  images?: readonly string[];
  mask_url?: string;
}

export interface JimmyAiOptions extends Pick<RetryOptions, 'delay' | 'random'> {
  baseUrl: string;
  apiKey: string;
  dispatcher?: Dispatcher;
  timeouts?: Partial<typeof TIMEOUTS>;
  tunnels?: Tunnels | null;
}

const IMAGES_PATH = '/api/open-api/v1/images';
const CHAT_PATH = '/api/open-api/v1/chat/completions';
const UPLOAD_PATH = '/api/open-api/v1/files/upload';
const ACCOUNT_BALANCE_PATH = '/api/open-api/v1/user/balance';
const KEY_BALANCE_PATH = '/api/open-api/v1/key/balance';
/** All other paths have a different prefix. */
const CATALOG_PATH = '/api/openapi/model/catalog';
/** The catalog also lists videos and voices: about two hundred entries at the moment. */
const CATALOG_ENTRIES_MAX = 5000;

/** A client for one service and one key. It keeps connections open until closed. */
export function createJimmyAi(options: JimmyAiOptions): JimmyAi {
  const { apiKey, dispatcher, delay, random } = options;
  const baseUrl = new URL(options.baseUrl);
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const http = createHttp({ baseUrl, apiKey, dispatcher, timeouts, tunnels: options.tunnels });
  const { call, onAttempt } = createCalls(http, { delay, random });

  function ask(path: string): HttpRequest {
    return { method: 'GET', path, timeoutMs: timeouts.queryMs, chargedIfUnclear: 'no' };
  }

  function queryOf(taskId: string): HttpRequest {
    return { ...ask(`${IMAGES_PATH}/${encodeURIComponent(taskId)}`), mayHoldImage: true };
  }

  function paid(path: string, json: object): HttpRequest {
    return {
      method: 'POST',
      path,
      json,
      timeoutMs: timeouts.toolMs,
      answersWhenDone: true,
      chargedIfUnclear: 'maybe',
    };
  }

  return {
    createImageTask: (json, options) =>
      call(
        'create',
        CREATE_RETRY,
        { method: 'POST', path: IMAGES_PATH, json, timeoutMs: timeouts.createMs, chargedIfUnclear: 'maybe' },
        readCreatedTask,
        options,
      ),

    usePictureTool: (tool, source, options) => {
      const { path, fields: json } = toolCall(tool, source);
      const request = { ...paid(`${IMAGES_PATH}/${path}`, json), mayHoldImage: true, wantsImage: true };
      return call('tool', CREATE_RETRY, request, (answer) => readPicture(answer, source, baseUrl), options);
    },

    askAboutPicture: (question, options) =>
      call(
        'tool',
        ANSWER_RETRY,
        paid(`${IMAGES_PATH}/understand`, understandFields(question)),
        (answer) => readSaid(answer, CandidatesSchema),
        options,
      ),

    rewrite: (rewriting, options) =>
      call(
        'tool',
        ANSWER_RETRY,
        paid(CHAT_PATH, chatFields(rewriting)),
        (answer) => readSaid(answer, ChoicesSchema),
        options,
      ),

    queryImageTask: (taskId, options) =>
      call('query', QUERY_RETRY, queryOf(taskId), (answer) => readTaskReport(answer, baseUrl), options),

    queryImage: (taskId, options) =>
      call(
        'query',
        QUERY_RETRY,
        { ...queryOf(taskId), wantsImage: true },
        (answer) => {
          const report = readTaskReport(answer, baseUrl);
          if (report.status !== 'completed') return null;
          return report.imageUrl === INLINE_IMAGE ? answer.image : report.imageUrl;
        },
        options,
      ),

    uploadFile: ({ bytes, filename, mimeType }, options) => {
      const form = new FormData();
      form.set('file', new Blob([bytes], { type: mimeType }), filename);
      return call(
        'upload',
        UPLOAD_RETRY,
        { method: 'POST', path: UPLOAD_PATH, form, timeoutMs: timeouts.uploadMs, chargedIfUnclear: 'no' },
        readUploadedFile,
        options,
      );
    },

    queryAccountBalance: (options) =>
      call('balance', ASK_ONCE, ask(ACCOUNT_BALANCE_PATH), readAccountBalance, options),
    queryKeyBalance: (options) => call('balance', ASK_ONCE, ask(KEY_BALANCE_PATH), readKeyBalance, options),
    queryCatalog: (options) =>
      call(
        'catalog',
        ASK_ONCE,
        { ...ask(CATALOG_PATH), isPublic: true, entriesMax: CATALOG_ENTRIES_MAX },
        readCatalog,
        options,
      ),

    onAttempt,

    close: () => http.close(),
  };
}
