// Elements, and places that keep the focus when they are drawn again. Text goes in as text, never as markup.
import { t } from './words.js';

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'on') {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(
    ...children
      .flat(2)
      .filter(child => child || child === 0)
      .map(child => (child instanceof Node ? child : String(child))),
  );
  return element;
}

/** An element with attributes and children; falsy ones are left out, but for 0. */
export const el = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

/** An element of a picture. */
export const svg = (name, attributes = {}, ...children) =>
  fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

let ids = 0;

/** A new id. */
export const fresh = () => `n${++ids}`;

/** Puts nodes into a place; focus and open details stay where their `data-key` or id says. */
export function redraw(place, nodes) {
  const key = element => element.dataset.key ?? element.id;
  const within = place.contains(document.activeElement) ? key(document.activeElement) : '';
  const open = new Set([...place.querySelectorAll('details[open][data-key]')].map(key));
  place.replaceChildren(...[nodes].flat(2).filter(Boolean));
  for (const details of place.querySelectorAll('details[data-key]')) details.open ||= open.has(key(details));
  if (within) place.querySelector(`[data-key="${CSS.escape(within)}"], #${CSS.escape(within)}`)?.focus();
}

/** A section with its heading and, beside it, what belongs to all of it. */
export function card(title, body, { beside, wide, note } = {}) {
  const id = fresh();
  return el(
    'section',
    { class: wide ? 'card wide' : 'card', 'aria-labelledby': id },
    el('div', { class: 'head' }, el('h2', { id }, title), beside),
    note && el('p', { class: 'quiet' }, note),
    body,
  );
}

/** What stands where there is nothing to show: what to do about it. */
export const nothing = (...text) => el('p', { class: 'empty' }, ...text);

/** A table; `columns` are `{ name, cell, number }`. */
export function table(label, columns, rows, empty) {
  if (!rows.length) return nothing(empty);
  return el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': label },
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          columns.map(column => el('th', { scope: 'col', class: column.number && 'number' }, column.name)),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map(row =>
          el(
            'tr',
            {},
            columns.map((column, place) =>
              el(
                place === 0 ? 'th' : 'td',
                { scope: place === 0 ? 'row' : undefined, class: column.number && 'number' },
                column.cell(row),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Figures in a row: `[name, value, note]`. */
export const tiles = entries =>
  el(
    'dl',
    { class: 'tiles' },
    entries.map(([name, value, note]) =>
      el('div', {}, el('dt', {}, name), el('dd', {}, value, note && el('small', {}, note))),
    ),
  );

/** Names and values. */
export const facts = pairs =>
  el(
    'dl',
    { class: 'facts' },
    pairs.map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]),
  );

/** A word for a state, in words and by colour. */
export const pill = (text, mood = '') => el('span', { class: `pill ${mood}` }, text);

/** A button that acts once at a time. */
export function button(text, act, { strong, danger, key, label } = {}) {
  const made = el(
    'button',
    {
      type: 'button',
      class: strong ? 'strong' : danger ? 'danger' : undefined,
      'data-key': key,
      'aria-label': label,
    },
    text,
  );
  made.addEventListener('click', async () => {
    if (made.getAttribute('aria-disabled') === 'true') return;
    made.setAttribute('aria-disabled', 'true');
    try {
      await attempt(act);
    } finally {
      made.removeAttribute('aria-disabled');
    }
  });
  return made;
}

/** What has more of a list shown, where there may be more than the `most` that were asked for. */
export const older = (found, most, more) => found.length >= most && button(t('Older'), more, { key: 'older' });

/** A field with its label. */
export function field(text, control, note) {
  control.id ||= fresh();
  return el(
    'div',
    { class: 'field' },
    el('label', { for: control.id }, text),
    control,
    note && el('small', {}, note),
  );
}

/** A choice. */
export const select = (attributes, options, chosen) => {
  const made = el(
    'select',
    attributes,
    options.map(([value, text]) => el('option', { value }, text)),
  );
  if (chosen !== undefined) made.value = chosen;
  return made;
};

/** A form that hands over its fields when it is sent. */
export const form = (attributes, act, ...children) =>
  el(
    'form',
    {
      ...attributes,
      on: {
        submit: event => {
          event.preventDefault();
          attempt(() => act(Object.fromEntries(new FormData(event.target)), event.target));
        },
      },
    },
    ...children,
  );

const said = () => document.getElementById('said');

/** Tells what was done, to eyes and ears. */
export function tell(text, mood = 'good') {
  const line = el('p', { class: `toast ${mood}`, role: mood === 'bad' ? 'alert' : 'status' }, text);
  said().replaceChildren(line);
  setTimeout(() => line.remove(), mood === 'bad' ? 12_000 : 6_000);
}

/** Runs an action and tells in words what went wrong. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    tell(error.message, 'bad');
  }
}

/** Asks before something is done: the fields of `parts`, or null if it was not wanted. */
export function confirm(title, parts, yes, { danger } = {}) {
  const id = fresh();
  return new Promise(answer => {
    const sheet = el(
      'form',
      { method: 'dialog' },
      el('h2', { id }, title),
      ...parts,
      el(
        'div',
        { class: 'act' },
        el('button', { value: 'yes', class: danger ? 'danger' : 'strong' }, yes),
        el('button', { value: 'no', type: 'submit', formnovalidate: true }, t('Cancel')),
      ),
    );
    const dialog = el('dialog', { 'aria-labelledby': id }, sheet);
    dialog.addEventListener('close', () => {
      answer(dialog.returnValue === 'yes' ? Object.fromEntries(new FormData(sheet)) : null);
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
