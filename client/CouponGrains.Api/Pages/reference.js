// Shows the OpenAPI document of this host: operations by subject, each with its parts, shapes and problems.

const api = await (await fetch('/openapi/v1.json')).json();

function element(name, text, ...children) {
  const made = document.createElement(name);
  made.append(...(text === null ? [] : [text]), ...children);
  return made;
}

/** A schema with its references followed one step, as indented JSON. */
function shape(schema) {
  const followed = schema.$ref
    ? schema.$ref.split('/').slice(1).reduce((part, name) => part[name], api)
    : schema;
  return JSON.stringify(followed, null, 2);
}

function folded(title, text) {
  const details = element('details', null, element('summary', title));
  // Only what is opened is written out: the shapes are long.
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) {
      const pre = element('pre', text());
      pre.tabIndex = 0;
      details.append(pre);
    }
  });
  return details;
}

function parameters(operation) {
  const rows = operation.parameters.map(p => element(
    'li', null, element('code', p.name), ` in ${p.in}${p.required ? ', required' : ''}: ${p.description}`));
  return rows.length ? [element('h4', 'Parameters'), element('ul', null, ...rows)] : [];
}

function body(operation) {
  const json = operation.requestBody?.content['application/json'];
  if (!json) {
    return [];
  }
  const parts = [folded('Body', () => shape(json.schema))];
  if (json.example) {
    parts.push(folded('Example of a body', () => JSON.stringify(json.example, null, 2)));
  }
  return parts;
}

/** The problems of an operation: status, a blank, code. */
const problems = operation => Object.entries(operation.responses)
  .flatMap(([status, answer]) => (answer['x-codes'] ?? []).map(code => `${status} ${code}`));

const operationsOf = Object.values(api.paths).flatMap(methods => Object.values(methods));

/** What every operation may be answered is told once. */
const common = operationsOf.map(problems).reduce((all, some) => all.filter(problem => some.includes(problem)));

/** Problems by status, each code a link to what it means. */
function refusals(some) {
  const statuses = [...new Set(some.map(problem => problem.split(' ')[0]))];
  return statuses.map(status => element(
    'p', null, element('strong', status), ' ',
    ...some.map(problem => problem.split(' ')).filter(([of]) => of === status).flatMap(([, code], i) => {
      const link = element('a', code);
      link.href = `/problems/${code}`;
      return i ? [', ', link] : [link];
    })));
}

function answers(operation) {
  const good = Object.entries(operation.responses).filter(([status]) => status < 400);
  return [
    ...good.map(([status, answer]) => {
      const schema = Object.values(answer.content ?? {})[0]?.schema;
      return schema ? folded(`Answer ${status}`, () => shape(schema)) : element('p', `Answer ${status}`);
    }),
    ...refusals(problems(operation).filter(problem => !common.includes(problem))),
  ];
}

function article(method, path, operation) {
  const made = element(
    'article', null, element('h3', null, element('code', `${method.toUpperCase()} ${path}`)),
    element('p', operation.summary), ...parameters(operation), ...body(operation), ...answers(operation));
  made.className = 'card';
  made.id = operation.operationId;
  return made;
}

const subjects = new Map();
for (const [path, methods] of Object.entries(api.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    const [subject] = operation.tags;
    if (!subjects.has(subject)) {
      subjects.set(subject, element('section', null, element('h2', subject)));
    }
    subjects.get(subject).append(article(method, path, operation));
  }
}

const operations = document.getElementById('operations');
operations.append(...subjects.values());
document.getElementById('about').textContent = api.info.description;
document.getElementById('any').append(element('h2', 'What any request may be answered'), ...refusals(common));
document.getElementById('find').addEventListener('input', event => {
  const wanted = event.target.value.toLowerCase();
  for (const section of operations.children) {
    const cards = [...section.querySelectorAll('article')];
    cards.forEach(card => { card.hidden = !card.textContent.toLowerCase().includes(wanted); });
    section.hidden = cards.every(card => card.hidden);
  }
});
