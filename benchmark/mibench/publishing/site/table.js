// index.html: one board at a time, sorting, filters, columns; all of it kept in the address.
(function () {
  "use strict";
  var site = window.mibench, all = site.all, by = site.by, boards = all(".board");
  if (!boards.length) return;
  var picks = ["suite", "judge", "version"].map(function (n) { return by("f-" + n); }).filter(Boolean);
  var filters = ["open", "tuned", "badge"].map(function (n) { return by("f-" + n); }), whole = by("f-whole"), q = by("q");
  var board, sort = "", extra = null, style = document.head.appendChild(document.createElement("style"));
  function heads(of) { return all("thead th[data-key]", of || board); }
  function rows(of) { return all("tbody:not(.k-human) tr:not(.kind):not(.none)", of || board); }

  boards.forEach(function (each) {
    heads(each).forEach(function (head) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () { sorted_by(head.dataset.key); });
    });
    rows(each).forEach(function (row, n) { row.place = n; row.words = row.querySelector("th").textContent.toLowerCase(); });
  });

  // from a folder a browser opens what it would download from a server
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-to]"), to = link && link.dataset.to;
    if (!link || location.protocol !== "file:") return;
    event.preventDefault();
    var path = "data/" + link.closest(".board").id;
    site.load(path + ".js", path, function (files) {
      var saved = document.createElement("a");
      saved.href = URL.createObjectURL(new Blob([files[to]], { type: to === "csv" ? "text/csv" : "application/json" }));
      saved.download = link.closest(".board").id + "." + to;
      saved.click();
      setTimeout(function () { URL.revokeObjectURL(saved.href); }, 10000);
    });
  });

  function place_of(key) { var at = -1; all("thead th").filter(function (h) { return board.contains(h); }).forEach(function (h, n) { if (h.dataset.key === key) at = n; }); return at; }
  function key_of(row, at) {
    var cell = row.cells[at], value = cell.dataset.v;
    if (value !== undefined) return Number(value);
    var text = cell.textContent.trim();
    return text === "–" || text === site.said("a.unknown") ? null : text.toLowerCase();
  }
  function arrange() {
    var parts = sort.split("."), at = parts[0] ? place_of(parts[0]) : -1, up = parts[1] === "up" ? 1 : -1;
    all("tbody:not(.k-human)", board).forEach(function (body) {
      var lines = all("tr:not(.kind):not(.none)", body).map(function (row) { return { row: row, key: at < 0 ? row.place : key_of(row, at) }; });
      var direction = at < 0 ? 1 : up;
      lines.sort(function (a, b) {
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.row.place - b.row.place;
        return (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) * direction || a.row.place - b.row.place;
      });
      var sorted = document.createDocumentFragment();
      lines.forEach(function (line) { sorted.appendChild(line.row); });
      body.appendChild(sorted);
    });
    board.classList.toggle("in-order", at < 0 || parts[0] === "rank" && up > 0);
    heads().forEach(function (head) {
      if (head.dataset.key === parts[0]) head.setAttribute("aria-sort", up > 0 ? "ascending" : "descending"); else head.removeAttribute("aria-sort");
    });
  }
  function sorted_by(key) {
    var head = heads().filter(function (h) { return h.dataset.key === key; })[0], first = head.dataset.first;
    sort = sort === key + "." + first ? key + (first === "up" ? ".down" : ".up") : key + "." + first;
    site.keep({ sort: sort });
    arrange();
  }
  function narrow() {
    var words = q.value.trim().toLowerCase(), seen = 0, total = 0, narrowed = words || whole.checked || filters.some(function (f) { return f.value; });
    rows().forEach(function (row) {
      var facets = " " + (row.dataset.f || "") + " ";
      var fits = row.words.indexOf(words) >= 0 && (!whole.checked || facets.indexOf(" whole ") >= 0) && filters.every(function (f) { return !f.value || facets.indexOf(" " + f.id.slice(2) + "-" + f.value + " ") >= 0; });
      row.hidden = !fits;
      if (row.parentNode.className === "k-model") { total++; seen += fits; }
    });
    all("tbody.k-human", board).forEach(function (body) { body.hidden = !!narrowed; });
    all("tr.kind", board).forEach(function (line) { line.hidden = !all("tr:not(.kind)", line.parentNode).some(function (r) { return !r.hidden; }); });
    by("count").textContent = site.said("seen", [seen, total]);
  }

  // columns: the simple table, or the reader's own choice, by name
  function shown(head) { return extra ? extra.indexOf(head.dataset.key) >= 0 : !("extra" in head.dataset); }
  function chosen() { return heads().slice(3); }
  function columns() {
    var rules = [];
    all("thead th", board).forEach(function (head, n) {
      if (head.dataset.key && n > 3 && !shown(head)) rules.push("#" + CSS.escape(board.id) + " tr > :nth-child(" + (n + 1) + "):not([colspan])");
    });
    style.textContent = rules.length ? rules.join(",") + "{display:none}" : "";
    var box = by("columns");
    box.textContent = "";
    ["simple", "every"].forEach(function (key) {
      var button = document.createElement("button");
      button.type = "button";
      site.word(key, button);
      button.addEventListener("click", function () { choose(key === "simple" ? null : chosen().map(function (h) { return h.dataset.key; })); });
      box.appendChild(button);
    });
    chosen().forEach(function (head) {
      var label = document.createElement("label"), input = document.createElement("input");
      input.type = "checkbox"; input.value = head.dataset.key; input.checked = shown(head);
      input.addEventListener("change", function () {
        var keys = all("input", box).filter(function (i) { return i.checked; }).map(function (i) { return i.value; });
        choose(keys, input.value);
      });
      label.appendChild(input);
      label.appendChild(document.createTextNode(" "));
      site.word(head.querySelector("[data-t]").dataset.t, label);
      box.appendChild(label);
    });
  }
  function choose(keys, focused) {
    extra = keys;
    site.keep({ columns: keys ? keys.join(".") || "none" : "" });
    columns();
    if (focused) by("columns").querySelector('input[value="' + focused + '"]').focus();
  }

  function pick(next) {
    board = next;
    boards.forEach(function (each) { each.hidden = each !== board; });
    picks.forEach(function (p) { p.value = board.dataset[p.id.slice(2)]; });
    arrange(); narrow(); columns();
  }
  function nearest(changed) { // a board with the value just chosen, and as much else as possible
    var fit = function (each) { return picks.reduce(function (sum, p) { return sum + (each.dataset[p.id.slice(2)] === p.value ? p === changed ? 10 : 1 : 0); }, 0); };
    return boards.slice().sort(function (a, b) { return fit(b) - fit(a); })[0];
  }
  function recall() {
    var hash = location.hash.slice(1), state = site.state(), named = boards.filter(function (b) { return b.id === (state.board || hash); })[0];
    sort = /^[a-z_]+\.(up|down)$/.test(state.sort || "") ? state.sort : "";
    extra = state.columns ? state.columns.split(".") : null;
    filters.forEach(function (f) { f.value = state[f.id.slice(2)] || ""; if (f.selectedIndex < 0) f.value = ""; });
    whole.checked = state.whole === "1";
    q.value = state.q || "";
    pick(named || boards[0]);
  }
  picks.forEach(function (p) { p.addEventListener("change", function () { pick(nearest(p)); site.keep({ board: board.id }); }); });
  function changed() {
    var state = { q: q.value, whole: whole.checked ? "1" : "" };
    filters.forEach(function (f) { state[f.id.slice(2)] = f.value; });
    site.keep(state);
    narrow();
  }
  filters.concat(whole).forEach(function (f) { f.addEventListener("change", changed); });
  q.addEventListener("input", changed);
  by("clear").addEventListener("click", function () { filters.forEach(function (f) { f.value = ""; }); whole.checked = false; q.value = ""; sort = ""; site.keep({ sort: "" }); changed(); arrange(); });
  document.addEventListener("click", function (e) { var open = document.querySelector(".chooser[open]"); if (open && e.target.isConnected && !open.contains(e.target)) open.open = false; });
  document.addEventListener("keydown", function (e) { var open = document.querySelector(".chooser[open]"); if (open && e.key === "Escape") { open.open = false; open.querySelector("summary").focus(); } });
  window.addEventListener("hashchange", recall);
  site.on_language(function () { arrange(); narrow(); });
  recall();
})();
