// How the losses of a training run fall: one picture for what is drawn over the same axes.
import { get, list, part } from './api.js';
import { chart } from './charts.js';
import { card, el, nothing, select } from './dom.js';
import { count, fixed, number } from './format.js';
import { t, word } from './words.js';

const kept = 20;
const tones = ['s1', 's2', 's3', 's4', 's5', 's6'];

/** What each chart is called, and what its axis counts. */
const charts = {
  svd: [t('Factorisation: residual'), t('Pass')],
  generator: [t('Generator of offers: losses'), t('Epoch')],
  response_tried: [t('Response models tried: loss'), t('Epoch')],
  response_kept: [t('Response model kept: loss'), t('Epoch')],
};

/** The curves of one picture over the same steps; a step that a curve does not have is a gap of the table alone. */
function drawn(name, curves) {
  const [title, over] = charts[name] ?? [word(name), t('Epoch')];
  const x = [...new Set(curves.flatMap(curve => curve.points.map(point => point.step)))].sort((a, b) => a - b);
  const series = curves.map((curve, place) => {
    const at = new Map(curve.points.map(point => [point.step, point.value]));
    return {
      name: word(curve.series),
      tone: tones[place % tones.length],
      kind: curve.series.endsWith('validation') ? 'dash' : 'line',
      joined: true,
      values: x.map(step => at.get(step) ?? null),
    };
  });
  return chart({ title, x, label: step => count(step), over, series, format: value => fixed(value, 4), axis: value => number(value, 4) });
}

function curves({ runs, run }, choose) {
  const names = [...new Set((run?.curves ?? []).map(curve => curve.chart))];
  const which = select(
    { id: 'curves-of' },
    runs.map(one => [one, one]),
    run?.run,
  );
  which.addEventListener('change', () => choose(Number(which.value)));
  return card(
    t('Training curves'),
    names.length
      ? el(
          'div',
          { class: 'curves grid' },
          names.map(name =>
            el(
              'div',
              {},
              el('h3', {}, charts[name]?.[0] ?? word(name)),
              drawn(
                name,
                run.curves.filter(curve => curve.chart === name),
              ),
            ),
          ),
        )
      : nothing(t('No curve of this run. They are drawn while it trains, and kept for the last {kept} runs.', { kept })),
    {
      wide: true,
      note: t('Dashed is on the part held out for validation; training losses are with dropout and penalty'),
      beside: run && el('div', { class: 'act' }, el('label', { for: 'curves-of' }, t('Run')), which),
    },
  );
}

/** Shows the curves of the newest run, or of one that is chosen, as they grow. */
export async function trainingCurves(place, life) {
  let chosen = null;
  const look = await life.watch(
    place,
    async signal => {
      const runs = (await list(`/training-runs?limit=${kept}`, signal, kept)).map(one => one.run);
      const one = runs.includes(chosen) ? chosen : runs[0];
      return { runs, run: one === undefined ? null : await get(`/training-runs/${part(one)}`, signal) };
    },
    found =>
      curves(found, one => {
        chosen = one;
        look();
      }),
  );
  return look;
}
