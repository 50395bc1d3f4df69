// What items are called.
import { get, part } from './api.js';

const titles = new Map();

/** Reads the titles of items that are not known yet. */
export async function learn(items, signal) {
  await Promise.all(
    [...new Set(items)]
      .filter(item => item && !titles.has(item))
      .map(async item => {
        try {
          titles.set(item, (await get(`/items/${part(item)}`, signal)).item.title);
        } catch (error) {
          if (error.status !== 404) throw error;
          titles.set(item, item);
        }
      }),
  );
}

/** The title of an item, or its id. */
export const titleOf = item => titles.get(item) ?? item;
