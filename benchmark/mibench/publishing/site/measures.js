// What mibench's measures.bootstrap and measures.paired do, number for number: column sums → metrics, BCa intervals, p-values.
(function () {
  "use strict";
  var site = window.mibench, measures = site.measures = {};
  var PIECES = { technical: [[1, 0], [3, 50], [4, 100]], relational: [[1, 0], [3.5, 50], [4, 100]], percent_cr: [[0, 0], [40, 50], [50, 100]], r_to_q: [[0, 0], [1, 50], [2, 100], [4, 100], [10, 25]] };
  var ENOUGH = 0.3, ALL_LOST = 40;

  function ratio(over, under) { return under > 1e-12 ? over / under : NaN; }
  function clip(value) { return Math.min(Math.max(value, 0), 1); }
  function points(value, pieces) {
    if (isNaN(value)) return 0;
    var last = pieces.length - 1;
    if (value <= pieces[0][0]) return pieces[0][1];
    if (value >= pieces[last][0]) return pieces[last][1];
    for (var n = 0; value > pieces[n + 1][0]; n++) { /* find the piece */ }
    var a = pieces[n], b = pieces[n + 1];
    return (b[1] - a[1]) / (b[0] - a[0]) * (value - a[0]) + a[1];
  }
  function proficiency(s, globals) {
    var reflections = s.SR + s.CR, rq = ratio(reflections, s.Q), rated = s.rated_dialogues;
    if (isNaN(rq) && reflections > 0) rq = Infinity;
    var lost = clip(100 * ratio(s.Confront + s.Persuade, s.utterances) / ALL_LOST);
    var enough = clip(ratio(reflections, s.rounds) / ENOUGH), found = [];
    if (globals) {
      found.push(points(0.5 * ratio(s.cultivating_change_talk + s.softening_sustain_talk, rated), PIECES.technical));
      found.push(points(0.5 * ratio(s.partnership + s.empathy, rated), PIECES.relational));
    }
    found.push(points(100 * ratio(s.CR, reflections), PIECES.percent_cr) * enough, points(rq, PIECES.r_to_q));
    return found.reduce(function (a, b) { return a + b; }, 0) / found.length * (1 - lost);
  }
  // metric, names of the columns, whether dialogues were rated → function of an array of column sums
  measures.statistic = function (metric, columns, globals) {
    if (metric.name === "proficiency") return function (sums) {
      var s = { SR: 0, CR: 0, Q: 0, Confront: 0, Persuade: 0, utterances: 0, rounds: 0, cultivating_change_talk: 0, softening_sustain_talk: 0, partnership: 0, empathy: 0, rated_dialogues: 0 };
      for (var k = 0; k < columns.length; k++) if (columns[k] in s) s[columns[k]] = sums[k];
      return proficiency(s, globals);
    };
    var places = function (names) { return names.map(function (name) { return columns.indexOf(name); }).filter(function (k) { return k >= 0; }); };
    var over = places(metric.over), under = places(metric.under);
    var sum = function (sums, at) { var all = 0; for (var n = 0; n < at.length; n++) all += sums[at[n]]; return all; };
    return function (sums) { return metric.scale * ratio(sum(sums, over), sum(sums, under)); };
  };

  measures.cdf = function (x) { // Φ by its series (Marsaglia 2004, Journal of Statistical Software 11(4))
    if (x < -8) return 0;
    if (x > 8) return 1;
    var sum = x, before = 0, term = x, i = 1;
    while (sum !== before) { before = sum; i += 2; term *= x * x / i; sum += term; }
    return 0.5 + sum * Math.exp(-0.5 * x * x - 0.91893853320467274178);
  };
  measures.inverse = function (p) {
    var low = -8, high = 8;
    for (var n = 0; n < 200 && high - low > 1e-15; n++) { var middle = (low + high) / 2; if (measures.cdf(middle) < p) low = middle; else high = middle; }
    return (low + high) / 2;
  };
  function quantile(sorted, level) {
    var at = level * (sorted.length - 1), n = Math.floor(at), next = Math.min(n + 1, sorted.length - 1);
    return sorted[n] + (sorted[next] - sorted[n]) * (at - n);
  }
  // value, its draws, itself with each dialogue left out, z of the expanded tail → [low, high], or null
  measures.interval = function (whole, drawn, leftOut, tail) {
    if (isNaN(whole) || leftOut.length < 2) return null;
    var kept = Float64Array.from(Array.prototype.filter.call(drawn, function (v) { return !isNaN(v); })).sort();
    if (kept.length / drawn.length < 0.95) return null;
    if (kept[kept.length - 1] - kept[0] <= 1e-12 * Math.max(1, Math.abs(whole))) return [whole, whole];
    var jack = leftOut.filter(function (v) { return !isNaN(v); });
    if (!jack.length) return null;
    var below = 0, reached = 0, mean = 0, square = 0, cube = 0, n;
    for (n = 0; n < kept.length; n++) { if (kept[n] < whole) below++; if (kept[n] <= whole) reached++; }
    var share = (below / kept.length + reached / kept.length) / 2, least = 0.5 / kept.length;
    var bias = measures.inverse(Math.min(Math.max(share, least), 1 - least));
    jack.forEach(function (v) { mean += v / jack.length; });
    jack.forEach(function (v) { var away = mean - v; square += away * away; cube += away * away * away; });
    var acceleration = square > 0 ? cube / (6 * Math.pow(square, 1.5)) : 0;
    var level = function (z0) {
      var z = bias + z0;
      return acceleration * z < 1 ? measures.cdf(bias + z / (1 - acceleration * z)) : Number(z0 > 0);
    };
    return [quantile(kept, level(tail)), quantile(kept, level(-tail))];
  };
  measures.holm = function (ps) {
    var known = ps.map(function (p, n) { return [p, n]; }).filter(function (e) { return e[0] !== null; }).sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
    var adjusted = ps.map(function () { return null; }), largest = 0;
    known.forEach(function (e, rank) { largest = Math.max(largest, Math.min(1, e[0] * (known.length - rank))); adjusted[e[1]] = largest; });
    return adjusted;
  };

  function bytes(text) { var raw = atob(text), found = new Uint8Array(raw.length); for (var n = 0; n < raw.length; n++) found[n] = raw.charCodeAt(n); return found; }
  function unpacked(draws, dialogues) {
    if (draws.ready) return;
    var packed = bytes(draws.counts), size = draws.draws * dialogues, n;
    draws.count = new Uint8Array(size);
    for (n = 0; n < size; n++) draws.count[n] = draws.wide ? packed[n] : n & 1 ? packed[n >> 1] & 15 : packed[n >> 1] >> 4;
    packed = bytes(draws.swaps); size = draws.arrangements * dialogues;
    draws.swap = new Uint8Array(size);
    for (n = 0; n < size; n++) draws.swap[n] = packed[n >> 3] >> (7 - (n & 7)) & 1;
    draws.ready = true;
  }
  function product(weights, rows, count, table, dialogues, width) { // weights (count, dialogues) times table (dialogues, width)
    var found = new Float64Array(count * width);
    for (var b = 0; b < count; b++) for (var d = 0; d < dialogues; d++) {
      var times = weights[b * dialogues + d];
      if (times) for (var k = 0; k < width; k++) found[b * width + k] += times * table[d * width + k];
    }
    return found;
  }
  // two tables (dialogues × columns, row by row), metrics, resamples → a difference for each metric
  measures.differences = function (one, other, columns, dialogues, metrics, draws, globals) {
    unpacked(draws, dialogues);
    var width = columns.length, away = one.map(function (v, n) { return other[n] - v; }), sides = [one, other];
    var whole = sides.map(function (table) { return product(new Uint8Array(dialogues).fill(1), 0, 1, table, dialogues, width); });
    var drawn = sides.map(function (table) { return product(draws.count, 0, draws.draws, table, dialogues, width); });
    var moved = product(draws.swap, 0, draws.arrangements, away, dialogues, width);
    var found = metrics.map(function (metric) {
      var of = measures.statistic(metric, columns, globals), values = whole.map(of), d, b, k;
      var apart = { metric: metric, first: values[0], second: values[1], difference: values[0] - values[1], interval: null, p: null };
      if (isNaN(apart.difference)) return apart;
      var draw = new Float64Array(draws.draws), left = [];
      for (b = 0; b < draws.draws; b++) draw[b] = of(drawn[0].subarray(b * width, b * width + width)) - of(drawn[1].subarray(b * width, b * width + width));
      for (d = 0; d < dialogues; d++) {
        var rest = sides.map(function (table, side) { var sums = new Float64Array(width); for (k = 0; k < width; k++) sums[k] = whole[side][k] - table[d * width + k]; return of(sums); });
        left.push(rest[0] - rest[1]);
      }
      apart.interval = measures.interval(apart.difference, draw, left, draws.tail);
      var reached = 0, defined = 0, a = new Float64Array(width), c = new Float64Array(width), seen = Math.abs(apart.difference) * (1 - 1e-9) - 1e-12;
      for (b = 0; b < draws.arrangements; b++) {
        for (k = 0; k < width; k++) { a[k] = whole[0][k] + moved[b * width + k]; c[k] = whole[1][k] - moved[b * width + k]; }
        var gap = Math.abs(of(a) - of(c));
        if (!isNaN(gap)) { defined++; if (gap >= seen) reached++; }
      }
      if (defined / draws.arrangements >= 0.95) apart.p = (1 + reached) / (1 + defined);
      return apart;
    });
    var adjusted = measures.holm(found.map(function (apart) { return apart.p; }));
    found.forEach(function (apart, n) { apart.holm = adjusted[n]; });
    return found;
  };
})();
