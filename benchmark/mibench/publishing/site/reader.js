// Dialogues to read: on a model's page one at a time, on a dialogue's page several models side by side.
(function () {
  "use strict";
  var site = window.mibench, all = site.all, by = site.by, made = site.made, word = site.word;

  function quotes(list, where) { (list || []).forEach(function (q) { made("q", "", q, where); where.appendChild(document.createTextNode(" ")); }); }
  function spans(pieces, where) {
    pieces.forEach(function (piece) {
      if (!piece[1]) { site.write(where, piece[0]); return; }
      var span = made("span", "u " + piece[1], piece[0], where);
      made("sup", "", piece[1], span);
    });
  }
  function share(value) { return value < 0.995 ? " " + Math.round(value * 100) + " %" : ""; }
  function opinion(said, where) {
    var line = made("p", "", "", where);
    made("b", "", said.judge, line);
    line.appendChild(document.createTextNode(" "));
    if (said.unrated) { word("unrated", line); line.appendChild(document.createTextNode(": ")); }
    (said.shares || []).forEach(function (s) { made("i", "", s[0] + " " + Math.round(s[1] * 100), line); line.appendChild(document.createTextNode(" ")); });
    if (said.adds) { made("em", "", "+ " + said.adds, line); line.appendChild(document.createTextNode(" ")); }
    if (said.why) { made("span", "", said.why, line).lang = "en"; line.appendChild(document.createTextNode(" ")); }
    (said.quotes || []).forEach(function (q) { made("q", "", q[1], line); line.appendChild(document.createTextNode(" ")); });
  }
  function answer(told, language, where, label) {
    var box = made("div", "answer", "", where);
    if (label) made("p", "label", "", box).appendChild(label.cloneNode(true));
    var say = made("div", "say model", "", box);
    say.lang = language;
    if (!told || !told.spans) word("not_answered", say);
    else if (!told.spans.length) word("empty", say);
    else spans(told.spans, say);
    if (told && told.left_out) word("cut", say, [told.left_out], "em");
    if (!told) return box;
    var chips = made("p", "chips", "", box);
    told.codes.forEach(function (c) { made("span", "chip " + c[0] + (c[1] < 0.3 ? " faint" : ""), c[0] + share(c[1]), chips); });
    if (!told.codes.length) word(told.said.length ? "no_code" : "not_judged", chips);
    if (told.status) { chips.appendChild(document.createTextNode(" · ")); word("o." + told.status, chips).className = "below"; }
    (told.safety || []).forEach(function (s) {
      var line = made("p", "chips", "", box);
      Object.keys(s.says).forEach(function (question) {
        word("m." + question, line);
        line.appendChild(document.createTextNode(": "));
        word(s.says[question] ? "yes" : "no", line, null, "b").className = (question === "worsened") === s.says[question] ? "below" : "";
        line.appendChild(document.createTextNode(" "));
      });
      quotes(s.quotes, line);
    });
    if (told.said.some(function (s) { return s.why || s.adds || s.quotes || s.unrated; }) || told.said.length > 1) {
      var more = made("details", "more", "", box);
      word("who", more, null, "summary");
      told.said.forEach(function (s) { opinion(s, more); });
    }
    return box;
  }
  function whole(told, where) {
    told.globals.forEach(function (g) {
      var line = made("p", "about", "", where);
      made("b", "", g.judge, line);
      line.appendChild(document.createTextNode(": "));
      Object.keys(g.globals).forEach(function (name) { word("m." + name, line); line.appendChild(document.createTextNode(" " + g.globals[name] + " · ")); });
      if (g.unrated) { word("unrated", line); site.write(line, ": " + g.unrated); }
      quotes(g.quotes, line);
    });
  }
  function fail(where, path) { return function () { where.textContent = ""; word("not_loaded", where, [path], "p"); }; }

  // a model's page
  function open(details, then) {
    var d = details.dataset, talk = details.querySelector(".talk");
    if (details.filled) { if (then) then(); return; }
    details.filled = true;
    word("loading", talk, null, "p");
    var authored = "s/" + d.suite + "/" + d.dialogue, said = "t/" + d.page + "/" + d.suite + "/" + d.dialogue;
    site.load(authored + ".js", authored, function (one) {
      site.load(said + ".js", said, function (told) {
        var language = one.language === "zh" ? "zh-CN" : "en";
        talk.textContent = "";
        whole(told, talk);
        one.rounds.forEach(function (round, n) {
          var number = ("0" + (n + 1)).slice(-2), box = made("article", "round", "", talk), id = d.dialogue + "/" + number;
          box.id = d.suite + "/" + id;
          box.setAttribute("aria-label", id);
          var about = made("p", "about", number, box);
          if (round.risk) { about.appendChild(document.createTextNode(" · ")); var risk = word("risk", about); risk.className = "below"; made("span", "", " " + round.risk, about).lang = "en"; }
          var client = made("div", "say client", "", box);
          client.lang = language;
          round.client.forEach(function (piece) { if (piece[1] === "neutral") site.write(client, piece[0]); else made("span", piece[1], piece[0], client); });
          answer(told.rounds[number], language, made("div", "answers", "", box));
          var more = made("details", "more", "", box);
          word("reference", more, null, "summary");
          var say = made("div", "say model", "", more);
          say.lang = language;
          spans(round.reference, say);
        });
        if (then) then();
      }, function () { details.filled = false; fail(talk, said + ".js")(); });
    }, function () { details.filled = false; fail(talk, authored + ".js")(); });
  }
  all("details.lazy").forEach(function (details) { details.addEventListener("toggle", function () { if (details.open) open(details); }); });
  function jump() { // #suite/dialogue/round
    var parts = decodeURIComponent(location.hash.slice(1)).split("/");
    var details = parts.length === 3 && all("details.lazy").filter(function (d) { return d.dataset.suite === parts[0] && d.dataset.dialogue === parts[1]; })[0];
    if (!details) return;
    details.open = true;
    open(details, function () { var round = by(parts.join("/")); if (round) { round.scrollIntoView(); round.tabIndex = -1; round.focus(); } });
  }
  if (all("details.lazy").length) { window.addEventListener("hashchange", jump); jump(); }

  // a dialogue's page
  var whose = by("whose");
  if (!whose) return;
  var boxes = all("input", whose), sides = all(".round .side"), language = sides[0].querySelector(".say").lang;
  function column(page) { return all('.answer', document).filter(function (a) { return a.dataset.page === page; }); }
  function render() {
    var wanted = boxes.filter(function (b) { return b.checked; });
    boxes.forEach(function (b) { if (!b.checked) column(b.value).forEach(function (a) { a.remove(); }); });
    wanted.forEach(function (b) {
      var path = "t/" + b.value + "/" + whose.dataset.suite + "/" + whose.dataset.dialogue, label = b.parentNode.querySelector(".name");
      if (column(b.value).length) return;
      sides.forEach(function (side) { made("div", "answer waiting", "", side).dataset.page = b.value; });
      site.load(path + ".js", path, function (told) {
        column(b.value).forEach(function (slot) {
          var ready = answer(told.rounds[slot.closest(".round").dataset.number], language, document.createElement("div"), label);
          ready.dataset.page = b.value;
          slot.replaceWith(ready);
        });
      }, function () { column(b.value).forEach(function (slot) { fail(slot, path + ".js")(); }); });
    });
    sides.forEach(function (side) { side.style.setProperty("--n", Math.min(4, wanted.length + 1)); });
  }
  function recall() {
    var named = (site.state()["with"] || "").split(",").filter(Boolean), at = Number(whose.dataset.opened);
    boxes.forEach(function (b, n) { b.checked = named.length ? named.indexOf(b.value) >= 0 : n < at; });
    render();
  }
  boxes.forEach(function (b) { b.addEventListener("change", function () { site.keep({ "with": boxes.filter(function (x) { return x.checked; }).map(function (x) { return x.value; }).join(",") || "none" }); render(); }); });
  window.addEventListener("hashchange", recall);
  recall();
})();
