import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type BotOnSandbox,
  creates,
  image,
  reply,
  startBotOnSandbox,
  textOf,
} from '../support/bot-on-sandbox.ts';
import { button, labels, press, submit } from '../support/buttons.ts';
import { imagined, restart } from '../support/generations.ts';

const locale = 'zh-CN';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('commands, their options and their choices are described in Simplified Chinese, too', () => {
  for (const command of on.discord.commands()) {
    const isMenu = command.type !== 1;
    const described = isMenu ? command.name_localizations : command.description_localizations;
    expect(described?.[locale], command.name).toMatch(/\p{Script=Han}/u);
    for (const option of command.options ?? []) {
      expect(option.description_localizations?.[locale], option.name).toMatch(/\p{Script=Han}/u);
    }
  }
  const quality = on.discord.commands()[0]?.options?.find(({ name }) => name === 'quality');
  const choices = quality && 'choices' in quality ? (quality.choices ?? []) : [];
  expect(choices.map((choice) => choice.name_localizations?.[locale])).toEqual([
    '自动质量',
    '低',
    '中',
    '高',
    '超高',
    '最高',
  ]);
});

test('the reply, its buttons and its modals speak the language of the person who asked, also after a restart', async () => {
  const message = await imagined(on, '雪中的狐狸', { locale });
  expect(textOf(message)).toMatch(/雪中的狐狸\nNano Banana · 自动 · 1K · \d+ 秒/);
  expect(labels(message)).toEqual([
    ...['再来一次', '再来 4 张', '修改提示词', '强变化', '弱变化'],
    ...['放大图片', '去除背景', '用作参考图', '重绘为 2K', '收藏', '删除'],
  ]);
  await restart(on);
  const opened = on.discord.interact.click({ message, customId: button(message, '修改提示词'), locale });
  expect((await opened.response()).modal?.title).toBe('修改提示词');
  await image(await submit(on, opened, { prompt: '夜里的狐狸' }));
});

test('a person who presses a button is answered in their own language', async () => {
  const { bob } = on.discord.people;
  const message = await imagined(on, 'a fox', { locale });
  const refused = await press(on, message, '删除', bob).response();
  expect(refused.message && textOf(refused.message)).toMatch(/^Only <@\d+> and people who manage messages/);
});

test('a language that the bot does not know is answered in English', async () => {
  expect(textOf(await imagined(on, 'un renard', { locale: 'fr' }))).toMatch(/Nano Banana · Auto · 1K/);
});

test('a refusal is in the person’s language, and costs nothing', async () => {
  const options = { prompt: '方形', model: 'gpt-image-2', ratio: '1:1', resolution: '4k' };
  const interaction = on.discord.interact.command({ name: 'imagine', options, locale });
  await reply(interaction, /GPT Image 2 在 4K 下只支持这些比例/);
  expect(creates(on.jimmyAi).some(({ prompt }) => prompt === '方形')).toBe(false);
});

test('the menus are called by their English names, which is how Discord tells the bot of them', async () => {
  const message = await imagined(on, 'a fox to look at', { locale });
  const details = await on.discord.interact
    .messageMenu({ message, name: 'Image details', locale })
    .response();
  expect(details.message && textOf(details.message)).toMatch(/^图片详情/);
});
