// What every page does: the language, the colours, the state in the address, data that comes by inserted scripts.
(function () {
  "use strict";
  var site = window.mibench, root = document.documentElement, waiting = {}, heard = [];
  site.all = function (what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); };
  site.by = function (id) { return document.getElementById(id); };
  site.language = "en";

  site.said = function (key, filled) {
    return site.words[site.language][key].replace(/\{(\d)\}/g, function (_, n) {
      var value = (filled || [])[+n];
      return Array.isArray(value) ? site.said(value[0]) : value;
    });
  };
  site.speak = function (next, where) {
    if (!where) {
      site.language = next;
      root.dataset.language = next;
      root.lang = next === "zh" ? "zh-CN" : "en";
      site.all(".languages button").forEach(function (b) { b.setAttribute("aria-pressed", String(b.value === next)); });
      document.title = document.querySelector("title").dataset[next];
    }
    site.all("[data-t]", where).forEach(function (e) { e.textContent = site.said(e.dataset.t, JSON.parse(e.dataset.a || "[]")); });
    site.all("[data-label]", where).forEach(function (e) { e.setAttribute("aria-label", site.said(e.dataset.label, JSON.parse(e.dataset.a || "[]"))); });
    if (!where) heard.forEach(function (f) { f(); });
  };
  site.on_language = function (f) { heard.push(f); };

  // strangers' words: what is invisible as its code point (publishing.inert does the same)
  var INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/u, PILED = /([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{2})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+/g;
  site.pieces = function (text) { // [text, whether it is a code point that stands for itself] …
    var found = [], plain = "", before = "";
    Array.from(text.replace(/\r\n/g, "\n").replace(PILED, "$1")).forEach(function (char) {
      var harmless = char === "\n" || char === "\t" || char === "\u200d" && /[\p{So}\p{Sk}\p{Mn}]/u.test(before) || !INVISIBLE.test(char);
      if (harmless) plain += char; else { if (plain) found.push([plain, false]); plain = ""; found.push(["U+" + ("000" + char.codePointAt(0).toString(16).toUpperCase()).slice(-Math.max(4, char.codePointAt(0).toString(16).length)), true]); }
      before = char;
    });
    if (plain) found.push([plain, false]);
    return found;
  };
  site.visible = function (text) { return site.pieces(text).map(function (p) { return p[1] ? "[" + p[0] + "]" : p[0]; }).join(""); };
  site.write = function (where, text) {
    site.pieces(text).forEach(function (p) {
      if (!p[1]) { where.appendChild(document.createTextNode(p[0])); return; }
      var odd = document.createElement("span");
      odd.className = "odd"; odd.textContent = p[0]; where.appendChild(odd);
    });
    return where;
  };
  site.made = function (kind, name, text, where) {
    var e = document.createElement(kind);
    if (name) e.className = name;
    if (text) site.write(e, text);
    if (where) where.appendChild(e);
    return e;
  };
  site.word = function (key, where, filled, kind) { // an element that changes with the language
    var e = document.createElement(kind || "span");
    e.dataset.t = key;
    if (filled) e.dataset.a = JSON.stringify(filled.map(String));
    e.textContent = site.said(key, filled);
    if (where) where.appendChild(e);
    return e;
  };

  // #a=1&b=2; another hash is an anchor
  site.state = function () {
    var found = {};
    if (location.hash.indexOf("=") > 0) location.hash.slice(1).split("&").forEach(function (pair) {
      var at = pair.indexOf("=");
      try { found[pair.slice(0, at)] = decodeURIComponent(pair.slice(at + 1)); } catch (_) { /* not ours */ }
    });
    return found;
  };
  site.keep = function (changes) {
    var state = site.state();
    Object.keys(changes).forEach(function (key) { state[key] = changes[key]; });
    var text = Object.keys(state).filter(function (key) { return state[key]; }).map(function (key) { return key + "=" + encodeURIComponent(state[key]); }).join("&");
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  };
  site.stored = function (key, value) {
    try { if (value === undefined) return localStorage.getItem("mibench-" + key); localStorage.setItem("mibench-" + key, value); } catch (_) { /* no storage */ }
    return null;
  };

  // a file calls mibench.take(name, value); from file:// this is the only way to load data
  site.take = function (name, value) { if (waiting[name]) { waiting[name].value = value; } };
  site.load = function (path, name, then, failed) {
    if (waiting[name] && "value" in waiting[name]) { then(waiting[name].value); return; }
    if (waiting[name]) { waiting[name].then.push(then); return; }
    var entry = waiting[name] = { then: [then] }, script = document.createElement("script");
    script.src = root.dataset.root + path;
    script.onload = function () { if ("value" in entry) entry.then.forEach(function (f) { f(entry.value); }); };
    script.onerror = function () { delete waiting[name]; if (failed) failed(); };
    document.head.appendChild(script);
  };

  var theme = site.by("theme");
  function dark() { return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches; }
  function coloured() { theme.setAttribute("aria-pressed", String(dark())); }
  theme.addEventListener("click", function () { root.dataset.theme = dark() ? "light" : "dark"; site.stored("theme", root.dataset.theme); coloured(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", coloured);
  site.all(".languages button").forEach(function (b) {
    b.addEventListener("click", function () { site.stored("language", b.value); site.speak(b.value); site.keep({ lang: b.value }); });
  });
  function wanted() {
    return [site.state().lang, site.stored("language"), navigator.language.slice(0, 2), "en"].filter(function (l) { return l && Object.prototype.hasOwnProperty.call(site.words, l); })[0];
  }
  window.addEventListener("hashchange", function () { if (wanted() !== site.language) site.speak(wanted()); });
  site.ready = function () { site.all(".switches, .scripted").forEach(function (e) { e.hidden = false; }); coloured(); site.speak(wanted()); };
  document.addEventListener("DOMContentLoaded", site.ready);
})();
