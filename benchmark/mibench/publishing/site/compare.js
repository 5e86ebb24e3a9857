// compare.html: two models of a board, their numbers loaded when they are chosen.
(function () {
  "use strict";
  var site = window.mibench, by = site.by, listed = by("listed");
  if (!listed || !by("board")) return;
  listed = JSON.parse(listed.textContent);
  var board, turn = 0, shown = null;
  function chosen(id) { return listed.boards.filter(function (b) { return b.id === id; })[0]; }
  function row(page) { return board.rows.filter(function (r) { return r[0] === page; })[0]; }
  function fill(select, page) {
    select.textContent = "";
    board.rows.forEach(function (r) {
      var option = document.createElement("option");
      option.value = r[0];
      option.textContent = site.visible(r[1]) + " · " + site.visible(r[2]);
      select.appendChild(option);
    });
    select.value = page;
  }
  function recall() {
    var state = site.state();
    board = chosen(state.board) || listed.boards[0];
    by("board").value = board.id;
    var one = row(state.a) || board.rows[0], other = row(state.b) || board.rows.filter(function (r) { return r !== one; })[0] || one;
    fill(by("one"), one[0]);
    fill(by("other"), other[0]);
    compute();
  }
  function say(key, filled) { by("message").textContent = key ? site.said(key, filled) : ""; by("result").hidden = !!key; }

  function number(value, unit) {
    var whole = ["%", "% of replies", "% of risks", "characters", "0–100"].indexOf(unit) >= 0;
    return value.toFixed(whole ? value < 100 || value % 1 ? 1 : 0 : value < 100 ? 2 : 1);
  }
  function signed(value, unit, plus) { var text = number(Math.abs(value), unit); return Number(text) ? (value < 0 ? "−" : plus) + text : text; }
  function p_text(p) { return p === null ? "–" : p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/, ""); }

  // a run's table without what the other has not rated; null where a whole dialogue falls away
  function table(own, other, columns) {
    var place = {}, found = new Float64Array(own.dialogues.length * columns.length);
    own.dialogues.forEach(function (d, n) { place[d] = n; });
    columns.forEach(function (column, k) { (own.columns[column] || []).forEach(function (v, d) { found[d * columns.length + k] = v; }); });
    other.lacking.forEach(function (subject) {
      var hole = own.holes[subject];
      if (hole) Object.keys(hole[1]).forEach(function (column) { found[place[hole[0]] * columns.length + columns.indexOf(column)] -= hole[1][column]; });
    });
    var at = function (column) { return columns.indexOf(column); };
    own.dialogues.forEach(function (_, d) { if (at("dialogues") >= 0) found[d * columns.length + at("dialogues")] = Number(found[d * columns.length + at("rounds")] > 0.5); });
    var subjects = ["rounds", "rated_dialogues", "risks"].map(at).filter(function (k) { return k >= 0; });
    var empty = own.dialogues.some(function (_, d) { return !subjects.some(function (k) { return found[d * columns.length + k] > 0.5; }); });
    return empty ? null : found;
  }
  function compute() {
    var one = by("one").value, other = by("other").value, now = ++turn;
    shown = null;
    if (board.rows.length < 2) { say("one_model"); return; }
    if (one === other) { say("same_model"); return; }
    say("loading");
    var paths = [one, other].map(function (page) { return "n/" + board.id + "/" + page; });
    var fail = function (path) { return function () { if (now === turn) say("not_loaded", [path + ".js"]); }; };
    site.load(paths[0] + ".js", paths[0], function (a) {
      site.load(paths[1] + ".js", paths[1], function (b) {
        if (a.dialogues.join() !== b.dialogues.join()) { if (now === turn) say("not_shared"); return; }
        var path = "n/draws-" + a.dialogues.length;
        site.load(path + ".js", path, function (draws) { if (now === turn) show(a, b, draws); }, fail(path));
      }, fail(paths[1]));
    }, fail(paths[0]));
  }
  function show(a, b, draws) {
    var columns = Object.keys(a.columns).concat(Object.keys(b.columns).filter(function (c) { return !(c in a.columns); }));
    var one = table(a, b, columns), other = table(b, a, columns), has = function (column) { return columns.indexOf(column) >= 0; };
    if (!one || !other) { say("not_shared"); return; }
    var globals = has("rated_dialogues"), metrics = listed.metrics.filter(function (m) {
      return m.name === "proficiency" ? has("rounds") : m.under.some(function (c) { return has(c) || has("rounds") && ["rounds", "utterances", "Q", "SR"].indexOf(c) >= 0; });
    });
    shown = { found: site.measures.differences(one, other, columns, a.dialogues.length, metrics, draws, globals), dialogues: a.dialogues, subjects: 0 };
    ["rounds", "rated_dialogues", "risks"].forEach(function (c) { for (var d = 0; has(c) && d < a.dialogues.length; d++) shown.subjects += one[d * columns.length + columns.indexOf(c)]; });
    site.compared = shown;
    draw();
    say("");
  }
  function cell(line, text, kind) {
    var made = document.createElement(kind || "td");
    made.textContent = text;
    line.appendChild(made);
    return made;
  }
  function strip(where, apart) {
    var ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg"), ends = apart.interval || [apart.difference, apart.difference];
    var far = 1.15 * Math.max(Math.abs(ends[0]), Math.abs(ends[1]), Math.abs(apart.difference), 1e-9), at = function (v) { return 50 + 50 * v / far + "%"; };
    svg.setAttribute("class", "track own"); svg.setAttribute("height", "26"); svg.setAttribute("aria-hidden", "true");
    var line = function (kind, x1, x2, y1, y2) {
      var l = document.createElementNS(ns, "line");
      [["class", kind], ["x1", x1], ["x2", x2], ["y1", y1], ["y2", y2]].forEach(function (pair) { l.setAttribute(pair[0], pair[1]); });
      svg.appendChild(l);
    };
    line("threshold", "50%", "50%", 0, 26); line("axis", 0, "100%", 13, 13);
    if (apart.interval) line("interval", at(ends[0]), at(ends[1]), 13, 13);
    var dot = document.createElementNS(ns, "circle");
    [["class", "mark"], ["cx", at(apart.difference)], ["cy", 13], ["r", 6]].forEach(function (pair) { dot.setAttribute(pair[0], pair[1]); });
    svg.appendChild(dot); where.appendChild(svg);
  }
  function draw() {
    if (!shown) return;
    var one = row(by("one").value), other = row(by("other").value), body = document.querySelector(".differences tbody");
    by("name-one").textContent = site.visible(one[1]);
    by("name-other").textContent = site.visible(other[1]);
    by("shared").textContent = site.said("shared_rounds", [Math.round(shown.subjects), shown.dialogues.length]);
    body.textContent = "";
    shown.found.forEach(function (apart) {
      var line = document.createElement("tr"), unit = apart.metric.unit, ok = !isNaN(apart.difference), better = "cannot_tell";
      var head = cell(line, site.said("m." + apart.metric.name), "th");
      head.scope = "row";
      line.dataset.metric = apart.metric.name;
      cell(line, isNaN(apart.first) ? "–" : number(apart.first, unit));
      cell(line, isNaN(apart.second) ? "–" : number(apart.second, unit));
      var real = apart.holm !== null && apart.holm !== undefined && apart.holm <= 0.05;
      cell(line, ok ? signed(apart.difference, unit, "+") : site.said("undefined")).className = real ? "real" : "";
      cell(line, apart.interval ? signed(apart.interval[0], unit, "") + " … " + signed(apart.interval[1], unit, "") : "–");
      var strips = cell(line, "");
      strips.className = "forest";
      if (ok) strip(strips, apart);
      cell(line, ok ? p_text(apart.holm) : "–");
      if (real) better = apart.metric.better === "neither" ? "differs" : (apart.difference > 0) === (apart.metric.better === "higher") ? "first" : "second";
      var named = cell(line, better === "first" ? site.visible(one[1]) : better === "second" ? site.visible(other[1]) : site.said(better));
      named.className = real ? "real" : "soft";
      body.appendChild(line);
    });
    var read = by("read");
    read.textContent = "";
    shown.dialogues.forEach(function (id) {
      var link = document.createElement("a");
      link.href = "d/" + board.suite + "/" + id + ".html#with=" + one[0] + "," + other[0];
      link.textContent = id;
      read.appendChild(link); read.appendChild(document.createTextNode(" "));
    });
  }
  function changed() { site.keep({ board: board.id, a: by("one").value, b: by("other").value }); compute(); }
  by("board").addEventListener("change", function () { site.keep({ board: by("board").value, a: "", b: "" }); recall(); });
  by("one").addEventListener("change", changed);
  by("other").addEventListener("change", changed);
  by("swap").addEventListener("click", function () { var one = by("one").value; by("one").value = by("other").value; by("other").value = one; changed(); });
  window.addEventListener("hashchange", recall);
  site.on_language(draw);
  document.addEventListener("DOMContentLoaded", recall);
})();
