// Pictures of figures, drawn to the width they have. Each can be read by the arrow keys and as a table.
import { el, fresh, svg } from './dom.js';
import { t } from './words.js';

const pad = { top: 12, right: 14, bottom: 26, left: 54 };

/** Steps of 1, 2 or 5 times a power of ten, about `parts` of them between two values. */
export function ticks(from, to, parts = 4) {
  const rough = (to - from || 1) / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find(by => by * power >= rough * 0.999) * power;
  const first = Math.ceil(from / step - 1e-9);
  const steps = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: steps }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

/** Where the ends of an axis are, so that it begins and ends at a step. */
function reach(values, parts) {
  const known = values.filter(value => value !== null && Number.isFinite(value));
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const found = ticks(low, high || 1, parts);
  const step = found.length > 1 ? found[1] - found[0] : 1;
  return [Math.floor(low / step + 1e-9) * step, Math.ceil((high || step) / step - 1e-9) * step];
}

function path(points) {
  let [line, down] = ['', false];
  for (const point of points) {
    if (point) line += `${down ? 'L' : 'M'}${point[0].toFixed(1)},${point[1].toFixed(1)}`;
    down = point !== null;
  }
  return line;
}

const swatch = one => el('span', { class: `swatch is-${one.kind} ${one.tone}`, 'aria-hidden': 'true' });

const legend = series =>
  series.length > 1 &&
  el(
    'ul',
    { class: 'legend' },
    series.map(one => el('li', {}, swatch(one), one.name)),
  );

/** Draws again whenever the width changes, and once it is in the page. */
function fitted(plot, draw) {
  let width = 0;
  new ResizeObserver(() => {
    if (plot.clientWidth && plot.clientWidth !== width) {
      width = plot.clientWidth;
      draw(width);
    }
  }).observe(plot);
}

const valuesOf = one => (one.kind === 'band' ? [...one.low, ...one.high] : one.values);

function readings(title, x, label, series, format, over) {
  const shown = series.filter(one => one.kind !== 'band');
  return el(
    'details',
    { class: 'readings', 'data-key': `readings ${title}` },
    el('summary', {}, t('As a table')),
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': title },
      el(
        'table',
        {},
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            el('th', { scope: 'col' }, over),
            shown.map(one => el('th', { scope: 'col', class: 'number' }, one.name)),
          ),
        ),
        el(
          'tbody',
          {},
          x.map((at, place) =>
            el(
              'tr',
              {},
              el('th', { scope: 'row' }, label(at)),
              shown.map(one =>
                el('td', { class: 'number' }, one.values[place] === null ? '' : format(one.values[place])),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/**
 * Values over an axis of even steps.
 * series: { name, tone, kind: 'bar' | 'line' | 'dash' | 'band', values } (a band has `low` and `high`); null is a gap, but for
 * a curve that is `joined`.
 * limits: lines across, { value, name }; today: the place of a mark; over: what the axis counts.
 */
export function chart({
  title,
  x,
  label,
  series,
  format,
  axis = format,
  limits = [],
  today,
  height = 220,
  over = t('When'),
  empty,
}) {
  if (empty || !x.length) return el('p', { class: 'empty' }, empty ?? t('Nothing to draw yet.'));
  const reading = el('output', { class: 'reading' });
  const plot = el('div', {
    class: 'plot',
    tabindex: 0,
    role: 'group',
    'aria-label': `${title}. ${t('Arrow keys read the values.')}`,
    'data-key': `plot ${title}`,
  });
  let at = x.length - 1;
  let rule = null;
  const bars = series.filter(one => one.kind === 'bar');

  const read = (place, cross) => {
    at = Math.max(0, Math.min(x.length - 1, place));
    const told = series
      .map(one =>
        one.kind === 'band'
          ? one.low[at] === null
            ? ''
            : `${one.name} ${format(one.low[at])} – ${format(one.high[at])}`
          : one.values[at] === null
            ? ''
            : `${one.name} ${format(one.values[at])}`,
      )
      .filter(Boolean);
    reading.textContent = `${label(x[at])}: ${told.join(', ') || '–'}`;
    rule?.setAttribute('x1', cross(at));
    rule?.setAttribute('x2', cross(at));
  };

  const draw = width => {
    const [low, high] = reach([...series.flatMap(valuesOf), ...limits.map(one => one.value)]);
    const steps = ticks(low, high);
    const left = Math.max(pad.left, 10 + 7 * Math.max(...steps.map(step => axis(step).length)));
    const inner = width - left - pad.right;
    const slot = inner / (bars.length ? x.length : Math.max(1, x.length - 1));
    const cross = place => left + slot * (place + (bars.length ? 0.5 : 0));
    const y = value => pad.top + (height - pad.top - pad.bottom) * (1 - (value - low) / (high - low || 1));
    const across = (value, name) =>
      svg('line', { class: name, x1: left, x2: width - pad.right, y1: y(value), y2: y(value) });
    const down = (place, name) =>
      svg('line', { class: name, x1: place, x2: place, y1: pad.top, y2: height - pad.bottom });
    const picture = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
    for (const step of steps) {
      picture.append(
        across(step, step === 0 ? 'base' : 'mesh'),
        svg('text', { class: 'tick end', x: left - 8, y: y(step) + 4 }, axis(step)),
      );
    }
    const every = Math.max(1, Math.ceil(x.length / Math.max(1, Math.floor(inner / 78))));
    for (let place = (x.length - 1) % every; place < x.length; place += every) {
      const side = cross(place) > width - pad.right - 30 ? 'end' : cross(place) < left + 24 ? 'start' : 'middle';
      picture.append(svg('text', { class: `tick ${side}`, x: cross(place), y: height - 8 }, label(x[place])));
    }
    if (today !== undefined) picture.append(down(cross(today), 'today'));
    for (const one of series) picture.append(...shape(one, { x, y, cross, slot, bars }));
    limits.forEach(({ value, name }, place) => {
      picture.append(across(value, 'limit'));
      const isCrowded = limits.slice(place + 1).some(other => Math.abs(y(other.value) - y(value)) < 14);
      if (!isCrowded) {
        picture.append(svg('text', { class: 'tick limit end', x: width - pad.right, y: y(value) - 4 }, name));
      }
    });
    rule = down(-9, 'rule');
    picture.append(rule);
    plot.replaceChildren(picture);
    const place = event => Math.round((event.offsetX - left) / slot - (bars.length ? 0.5 : 0));
    plot.onpointermove = event => read(place(event), cross);
    plot.onfocus = () => read(at, cross);
    plot.onkeydown = event => {
      const by = { ArrowLeft: -1, ArrowRight: 1, Home: -x.length, End: x.length }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      read(at + by, cross);
    };
  };
  fitted(plot, draw);
  return el(
    'figure',
    { class: 'chart' },
    legend(series),
    plot,
    el('figcaption', { 'aria-live': 'polite' }, reading),
    readings(title, x, label, series, format, over),
  );
}

function shape(one, { x, y, cross, slot, bars }) {
  const points = values => values.map((value, place) => (value === null ? null : [cross(place), y(value)]));
  if (one.kind === 'band') {
    const edge = points(one.high).filter(Boolean);
    const back = points(one.low).filter(Boolean).reverse();
    return [svg('path', { class: `area ${one.tone}`, d: edge.length ? `${path([...edge, ...back])}Z` : '' })];
  }
  if (one.kind === 'bar') {
    const width = Math.max(1, (slot * 0.76) / bars.length);
    const shift = bars.indexOf(one) - bars.length / 2;
    return x.flatMap((_, place) =>
      one.values[place]
        ? [
            svg('rect', {
              class: `column ${one.tone}`,
              x: cross(place) + shift * width,
              width: Math.max(1, width - (width > 4 ? 1 : 0)),
              y: Math.min(y(0), y(one.values[place])),
              height: Math.max(1, Math.abs(y(0) - y(one.values[place]))),
              rx: Math.min(2, width / 4),
            }),
          ]
        : [],
    );
  }
  const known = points(one.values).filter(Boolean);
  return [
    svg('path', {
      class: `curve is-${one.kind} ${one.tone}`,
      d: path(one.joined ? known : points(one.values)),
    }),
    ...(known.length === 1 ? known.map(([cx, cy]) => svg('circle', { class: `dot ${one.tone}`, cx, cy, r: 3 })) : []),
  ];
}

/** Lengths side by side: `{ name, value, text, tone }`; `most` is a full one. */
export function bars(entries, most = Math.max(...entries.map(entry => Math.abs(entry.value)), 1e-9)) {
  return el(
    'ul',
    { class: 'bars' },
    entries.map(({ name, value, text, tone }) => {
      const length = el('i', { class: tone ?? (value < 0 ? 'minus' : undefined) });
      length.style.setProperty('--share', `${Math.min(100, (Math.abs(value) / most) * 100)}%`);
      return el(
        'li',
        {},
        el('span', { title: typeof name === 'string' ? name : undefined }, name),
        el('div', { class: 'track', 'aria-hidden': 'true' }, length),
        el('span', { class: 'number' }, text),
      );
    }),
  );
}

/**
 * Points in a plane. points: { x, y, size, tone, name }; `across` and `up` are { name, format, max } or left out where
 * only nearness tells; `diagonal` is where both are equal.
 */
export function points({ title, points: all, across, up, diagonal, height = 300, square }) {
  const reading = el('output', { class: 'reading' });
  const plot = el('div', {
    class: 'plot',
    tabindex: 0,
    role: 'group',
    'aria-label': `${title}. ${t('Arrow keys read the values.')}`,
  });
  const dots = [];
  let at = 0;
  const read = place => {
    at = (place + all.length) % all.length;
    dots.forEach((dot, index) => dot.classList.toggle('on', index === at));
    reading.textContent = all[at].name;
  };
  fitted(plot, width => {
    const tall = square ? Math.min(width, height * 1.4) : height;
    const left = up ? 54 : 14;
    const bottom = across ? 42 : 14;
    const ends = (axis, key) =>
      axis ? [0, axis.max] : [Math.min(...all.map(point => point[key])), Math.max(...all.map(point => point[key]))];
    const [[x0, x1], [y0, y1]] = [ends(across, 'x'), ends(up, 'y')];
    const x = value => left + 12 + (width - left - 38) * ((value - x0) / (x1 - x0 || 1));
    const y = value => 16 + (tall - bottom - 28) * (1 - (value - y0) / (y1 - y0 || 1));
    const picture = svg('svg', { width, height: tall, viewBox: `0 0 ${width} ${tall}`, 'aria-hidden': 'true' });
    for (const step of up ? ticks(y0, y1) : []) {
      const line = { class: step === 0 ? 'base' : 'mesh', x1: x(x0), x2: x(x1), y1: y(step), y2: y(step) };
      picture.append(svg('line', line), svg('text', { class: 'tick end', x: left, y: y(step) + 4 }, up.format(step)));
    }
    for (const step of across ? ticks(x0, x1) : []) {
      picture.append(svg('text', { class: 'tick middle', x: x(step), y: tall - bottom + 18 }, across.format(step)));
    }
    if (across) picture.append(svg('text', { class: 'tick end', x: x(x1), y: tall - 6 }, across.name));
    if (up) picture.append(svg('text', { class: 'tick start', x: 2, y: 10 }, up.name));
    if (diagonal) {
      const end = Math.min(x1, y1);
      picture.append(svg('line', { class: 'today', x1: x(0), y1: y(0), x2: x(end), y2: y(end) }));
    }
    dots.length = 0;
    for (const point of all) {
      const dot = svg('circle', { class: `dot ${point.tone}`, cx: x(point.x), cy: y(point.y), r: point.size ?? 5 });
      dot.addEventListener('pointerenter', () => read(all.indexOf(point)));
      dots.push(dot);
    }
    picture.append(...dots);
    plot.replaceChildren(picture);
  });
  plot.addEventListener('focus', () => read(at));
  plot.addEventListener('keydown', event => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    read(at + by);
  });
  return el('figure', { class: 'chart' }, plot, el('figcaption', { 'aria-live': 'polite', id: fresh() }, reading));
}
