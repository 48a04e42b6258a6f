'use strict';

/* Draws what qtop's event stream tells: no framework, no other origin, text set as text only. */
(() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const COLOURS = 8;
  const RADIUS = 100;
  const MOST_ROWS = 30;
  const MOST_NAMES = 16;
  const STEPS = 4;
  const byId = (id) => document.getElementById(id);
  const points = new Map();
  let paused = false;
  let last = null;

  const element = (name, attributes, text) => {
    const made = name.includes(':') ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      made.setAttribute(key, value);
    }
    if (text !== undefined) {
      made.textContent = text;
    }
    return made;
  };

  const number = (value) => value.toLocaleString('en');

  const time = (nanos) => {
    if (nanos >= 1e9) {
      return (nanos / 1e9).toPrecision(3) + ' s';
    }
    return nanos >= 1e5 ? (nanos / 1e6).toPrecision(3) + ' ms' : (nanos / 1e3).toPrecision(3) + ' µs';
  };

  const bytes = (count) => {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let at = 0;
    let left = count;
    while (left >= 1000 && at < units.length - 1) {
      left /= 1000;
      at += 1;
    }
    return (at === 0 ? left : left.toPrecision(3)) + ' ' + units[at];
  };

  /* Replaces what is shown only if it changed, so that a screen reader is not told the same again. */
  const show = (id, nodes) => {
    const place = byId(id);
    const fresh = document.createElement('div');
    fresh.append(...nodes);
    if (fresh.innerHTML !== place.innerHTML) {
      place.replaceChildren(...fresh.childNodes);
    }
  };

  const pairs = (id, entries) => show(id, entries.map(([name, value]) => {
    const pair = element('div');
    pair.append(element('dt', {}, name), element('dd', {}, value));
    return pair;
  }));

  const row = (cells) => {
    const made = element('tr');
    cells.forEach((cell, at) => made.append(at === 0 ? element('th', {scope: 'row'}, cell) : element('td', {}, cell)));
    return made;
  };

  const circuitName = (circuit) => circuit.circuit === null ? 'not known' : String(circuit.circuit);

  const at = (turns, radius) => {
    const angle = 2 * Math.PI * turns;
    return [(radius * Math.cos(angle)).toFixed(2), (-radius * Math.sin(angle)).toFixed(2)];
  };

  const drawRim = (svg) => {
    svg.append(element('svg:line', {x1: -RADIUS, y1: 0, x2: RADIUS, y2: 0, class: 'axis'}),
      element('svg:line', {x1: 0, y1: -RADIUS, x2: 0, y2: RADIUS, class: 'axis'}),
      element('svg:circle', {r: RADIUS, class: 'rim'}), element('svg:g', {id: 'trails'}),
      element('svg:g', {id: 'points'}), element('svg:g', {id: 'labels'}));
    [['0', 0], ['¼', .25], ['½', .5], ['¾', .75]].forEach(([text, turns]) => {
      const [x, y] = at(turns, RADIUS - 11);
      svg.append(element('svg:text', {x, y, 'text-anchor': 'middle', dy: 3}, text));
    });
  };

  /* A point is turned, never moved straight: so it goes forwards on the circle, whole turns included. */
  const placePoint = (circuit, colour) => {
    const key = circuitName(circuit);
    let point = points.get(key);
    if (!point) {
      point = element('svg:g', {class: 'point', 'data-circuit': key});
      point.append(element('svg:circle', {cx: RADIUS, cy: 0, r: 5, class: 'f' + colour}));
      byId('points').append(point);
      points.set(key, point);
    }
    point.dataset.turns = circuit.turns;
    point.dataset.winding = circuit.winding;
    point.style.transform = 'rotate(' + (-360 * (circuit.winding + circuit.turns)) + 'deg)';
  };

  /* The last steps, the older the fainter, each bent towards the middle so that it can be told from the rim. */
  const trailOf = (circuit, colour) => circuit.trail.slice(-STEPS - 1).slice(1).map((to, index, steps) => {
    const from = circuit.trail[circuit.trail.length - steps.length - 1 + index];
    return element('svg:path', {class: 'trail k' + colour + ' age' + (steps.length - 1 - index),
      d: 'M' + at(from, RADIUS).join(' ') + ' Q 0 0 ' + at(to, RADIUS).join(' ')});
  });

  /* Names at the rim; one that would cover its neighbour's stands further out. */
  const labelsOf = (circuits) => {
    let before = {turns: -1, row: 0};
    return [...circuits].sort((a, b) => a.turns - b.turns).map((circuit) => {
      const row = circuit.turns - before.turns < .035 ? (before.row + 1) % 2 : 0;
      before = {turns: circuit.turns, row};
      const [x, y] = at(circuit.turns, RADIUS + 9 + 11 * row);
      const side = Math.cos(2 * Math.PI * circuit.turns);
      return element('svg:text', {x, y, 'text-anchor': side > .3 ? 'start' : side < -.3 ? 'end' : 'middle', dy: 3},
        circuitName(circuit) + ' ×' + circuit.winding);
    });
  };

  const drawCircuits = (circuits) => {
    const busiest = [...circuits].sort((a, b) => b.streams - a.streams).slice(0, MOST_ROWS);
    if (!byId('points')) {
      drawRim(byId('circle'));
    }
    const trails = [];
    circuits.forEach((circuit, index) => {
      const colour = (circuit.circuit || index) % COLOURS;
      placePoint(circuit, colour);
      trails.push(...trailOf(circuit, colour));
    });
    byId('trails').replaceChildren(...trails);
    byId('labels').replaceChildren(...labelsOf(busiest.slice(0, MOST_NAMES)));
    const names = new Set(circuits.map(circuitName));
    points.forEach((point, key) => {
      if (!names.has(key)) {
        point.remove();
        points.delete(key);
      }
    });
    byId('circle-text').textContent = circuits.length === 0 ? 'No circuit has carried a stream yet.'
      : number(circuits.length) + (circuits.length === 1 ? ' circuit' : ' circuits')
        + ', each with its number and ×winding number; 0 to 1 is one turn. The lines are the last steps.';
    show('circuits', busiest.map((circuit) => row([circuitName(circuit), number(circuit.streams),
      circuit.turns.toFixed(6), number(circuit.winding)])));
  };

  const drawHolds = (hold) => {
    const [left, top, width, height] = [8, 10, 384, 200];
    const total = hold.counts.reduce((sum, count) => sum + count, 0);
    const expected = hold.expected.map((share) => share * total);
    const most = Math.max(1, ...hold.counts, ...expected);
    const step = width / hold.counts.length;
    const nodes = hold.counts.map((count, index) => {
      const tall = height * count / most;
      return element('svg:rect', {class: 'bar', x: (left + index * step + .5).toFixed(1), width: (step - 1).toFixed(1),
        y: (top + height - tall).toFixed(1), height: tall.toFixed(1), 'data-count': count});
    });
    const line = expected.flatMap((count, index) => [0, 1].map((side) =>
      (left + (index + side) * step).toFixed(1) + ',' + (top + height - height * count / most).toFixed(1)));
    nodes.push(element('svg:line', {class: 'axis', x1: left, x2: left + width, y1: top + height, y2: top + height}),
      element('svg:text', {x: left, y: top + height + 18}, time(hold.fromNanos)),
      element('svg:text', {x: left + width, y: top + height + 18, 'text-anchor': 'end'}, time(hold.toNanos)));
    if (total > 0) {
      nodes.push(element('svg:polyline', {class: 'law', points: line.join(' ')}));
    }
    byId('holds').replaceChildren(...nodes);
    byId('holds-text').textContent = total === 0 ? 'No stream has been held yet.'
      : number(total) + ' holds from ' + time(hold.fromNanos) + ' to ' + time(hold.toNanos) + '; half were below '
        + time(hold.p50Nanos) + ', 99 % below ' + time(hold.p99Nanos) + '.';
  };

  const drawWarnings = (warnings) => show('warnings', warnings.length === 0
    ? [element('p', {}, 'None.')] : warnings.map((warning) => {
      const box = element('div', {class: 'warning ' + warning.level + '-level'});
      const text = element('p');
      text.append(element('strong', {}, warning.level + ': '), warning.text);
      box.append(text, element('p', {}, warning.cure));
      return box;
    }));

  const drawSeeds = (seeds) => {
    byId('seed-text').textContent = number(seeds.available) + ' of ' + number(seeds.capacity);
    byId('seed-level').value = seeds.available / seeds.capacity;
    const origins = [...new Set([...Object.keys(seeds.seedsByOrigin), ...Object.keys(seeds.bitsByOrigin)])].sort();
    show('origins', origins.map((origin) => row([origin === 'os' ? 'operating system' : origin,
      number(seeds.seedsByOrigin[origin] || 0), number(seeds.bitsByOrigin[origin] || 0)])));
    byId('seeds-note').textContent = number(seeds.handedOut) + ' handed out, each once; ' + number(seeds.misses)
      + ' made on the spot. Last reseed: ' + (seeds.lastReseedOrigin === 'os' ? 'operating system'
      : seeds.lastReseedOrigin) + '.';
  };

  const heldAt = {request: 'at the request', attach: 'inside Tor', reply: "at Tor's reply"};

  const drawRun = (state) => {
    const tor = state.tor;
    pairs('tor', [['Tor', tor.what], ['Version', tor.version || 'not known'],
      ['Control port', tor.control === 'connected' ? 'connected, login ' + tor.login
        : tor.control === 'lost' ? 'lost: ' + tor.trouble : 'none'],
      ['Applications', state.listen], ['Held', heldAt[state.settings.holdAt]], ['Running', time(state.uptimeSeconds * 1e9)],
      ['Verifier', number(state.verifier.releases) + ' releases, ' + number(state.verifier.violations) + ' violations'],
      ['Journal', state.settings.journal ? 'written' : 'none']]);
    show('errors', state.lastErrors.map((line) => element('p', {}, line)));
  };

  const draw = (state) => {
    const streams = state.streams;
    byId('headline').textContent = 'version ' + state.qtop + ' on ' + state.listen + ', '
      + number(streams.held) + ' held, ' + number(streams.connections) + ' open';
    drawWarnings(state.warnings);
    byId('hides').textContent = state.hides.sentence;
    show('not-covered', state.hides.notCovered.filter((line) => line.startsWith('  - '))
      .map((line) => element('li', {}, line.slice(4))));
    pairs('now', [['held now', number(streams.held)], ['connections now', number(streams.connections)],
      ['released', number(streams.streamsReleased)], ['matched', number(streams.streamsMatched)],
      ['not matched', number(streams.streamsUnmatched)], ['sent', bytes(state.bytes.upstream)],
      ['received', bytes(state.bytes.downstream)]]);
    drawCircuits(state.circuits);
    drawHolds(state.hold);
    show('times', [['Hold', state.hold], ['Lateness', state.lateness], ["Tor's set-up", state.setup]]
      .map(([name, of]) => row([name, time(of.p50Nanos), time(of.p99Nanos), time(of.maxNanos)])));
    drawSeeds(state.seeds);
    drawRun(state);
    document.body.dataset.released = streams.streamsReleased;
  };

  byId('pause').addEventListener('click', () => {
    paused = !paused;
    byId('pause').setAttribute('aria-pressed', String(paused));
    if (!paused && last) {
      draw(last);
    }
  });

  const events = new EventSource('api/events');
  events.addEventListener('message', (event) => {
    last = JSON.parse(event.data);
    if (!paused) {
      draw(last);
    }
  });
  events.addEventListener('error', () => {
    byId('headline').textContent = 'qtop does not answer; trying again.';
  });
})();
