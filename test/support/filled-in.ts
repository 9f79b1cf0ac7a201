import { type APIModalInteractionResponseCallbackData, ComponentType } from 'discord.js';

/** The initial values of a modal's fields, which come back if nobody changes them. */
export function filledIn(
  modal: APIModalInteractionResponseCallbackData | undefined,
): Record<string, string[]> {
  const filled: Record<string, string[]> = {};
  for (const label of modal?.components ?? []) {
    if (label.type !== ComponentType.Label) continue;
    const { component } = label;
    if (component.type === ComponentType.TextInput) filled[component.custom_id] = [component.value ?? ''];
    if (component.type === ComponentType.StringSelect || component.type === ComponentType.RadioGroup) {
      const picked = component.options.filter((option) => option.default);
      filled[component.custom_id] = picked.map(({ value }) => value);
    }
  }
  return filled;
}
