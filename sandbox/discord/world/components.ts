import { type APIMessageTopLevelComponent, ComponentType } from 'discord-api-types/v10';

/** Any component of a message or a modal, with the fields needed to walk through it. */
export interface AnyComponent {
  type: number;
  id?: number;
  custom_id?: string;
  components?: AnyComponent[];
  component?: AnyComponent;
  accessory?: AnyComponent;
  [key: string]: unknown;
}

export interface PlacedComponent {
  component: AnyComponent;
  path: readonly (string | number)[];
}

/** All components and the ones nested in them, each with its path, depth first. */
export function walkComponents(
  components: readonly AnyComponent[],
  path: readonly (string | number)[],
): PlacedComponent[] {
  return components.flatMap((component, index) => {
    const here = [...path, index];
    return [{ component, path: here }, ...insideOf(component, here)];
  });
}

/** The options that a component offers, if any. */
export function optionsOf({ options }: AnyComponent): { value: string; default?: boolean }[] {
  return Array.isArray(options) ? options : [];
}

/** How many values a component accepts (docs: components/reference); by default a checkbox group accepts all. */
export function valueLimits(component: AnyComponent): { min: number; max: number } {
  const { type, min_values: min, max_values: max } = component;
  const most = type === ComponentType.CheckboxGroup ? optionsOf(component).length : 1;
  return { min: Number(min ?? 1), max: Number(max ?? most) };
}

/** Numbers the components that were sent without an id: 1, 2, 3 … in order, as Discord does. */
export function withComponentIds(components: APIMessageTopLevelComponent[]): APIMessageTopLevelComponent[] {
  const copy = structuredClone(components);
  const all = walkComponents(copy as unknown as AnyComponent[], []).map(({ component }) => component);
  const taken = new Set(all.flatMap(({ id }) => id || []));
  let next = 1;
  for (const component of all) {
    if (component.id) continue;
    while (taken.has(next)) next += 1;
    component.id = next;
    next += 1;
  }
  return copy;
}

function insideOf(component: AnyComponent, path: readonly (string | number)[]): PlacedComponent[] {
  const single = (['component', 'accessory'] as const).flatMap((key) => {
    const child = component[key];
    if (!child) return [];
    const here = [...path, key];
    return [{ component: child, path: here }, ...insideOf(child, here)];
  });
  return [...walkComponents(component.components ?? [], [...path, 'components']), ...single];
}
