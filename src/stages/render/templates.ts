import type HandlebarsWhole from "handlebars";
import runtime from "handlebars/runtime.js";
import { compiledTemplates } from "../../generated/templates.ts";
import { templateHelpers } from "./helpers.ts";

export type Render = (data: unknown) => string;

/** The built-in templates, by name; made when first asked for. */
const engine = (runtime as unknown as typeof HandlebarsWhole).create();
for (const [name, helper] of Object.entries(templateHelpers)) engine.registerHelper(name, helper);

const built = new Map<string, Render>();

/** How a template spells, by name. */
export function templateNamed(name: string): Render {
  const known = built.get(name);
  if (known) return known;
  const compiled = (compiledTemplates as Record<string, unknown>)[name];
  if (compiled === undefined) throw new Error(`no template is called ${name}`);
  const template = engine.template(compiled as never);
  const render: Render = (data) => template(data, options);
  built.set(name, render);
  return render;
}

/** Nothing of Object.prototype can be reached from a template. */
const options = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };
