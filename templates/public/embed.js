// <script src="https://status.example.com/embed/script.js" async></script> shows the state in a corner,
// only while something is wrong or under way. No cookie; what a reader closes stays closed until it changes.
(function () {
  var me = document.currentScript, origin = me && new URL(me.src).origin, key = "status-closed:" + origin, box, shown;
  if (!me) return;

  function make(tag, rules, rest) {
    var element = Object.assign(document.createElement(tag), rest);
    Object.assign(element.style, rules);
    return element;
  }

  function show(name) {
    var small = screen.width < 450, gap = small ? "0" : "60px";
    box = make("aside", {
      position: "fixed", bottom: gap, left: gap, zIndex: 9999, width: small ? "100%" : "320px", height: "115px"
    });
    box.setAttribute("aria-label", name);
    var frame = make("iframe", { width: "100%", height: "100%", border: "0", colorScheme: "light dark" }, {
      title: name, src: origin + "/embed/frame" + (small ? "?mobile=true" : "")
    });
    var close = make("button", {
      position: "absolute", top: "2px", right: "2px", width: "40px", height: "40px", padding: 0, border: 0,
      background: "none", color: matchMedia("(prefers-color-scheme:dark)").matches ? "#b3bcc4" : "#434c55",
      font: "22px/1 system-ui,sans-serif", cursor: "pointer"
    }, { type: "button", textContent: "\u00d7", onclick: dismiss });
    close.setAttribute("aria-label", "{{ close|escapejs }}");
    box.append(frame, close);
    document.body.append(box);
  }

  function hide() {
    if (box) box.remove();
    box = null;
  }

  function dismiss() {
    try { localStorage.setItem(key, shown); } catch (refused) {} // a private window keeps nothing
    hide();
  }

  function closed() {
    try { return localStorage.getItem(key) === shown; } catch (refused) { return false; }
  }

  function look() {
    fetch(origin + "/api/v2/summary.json", { credentials: "omit" }).then(function (answer) {
      return answer.json();
    }).then(function (now) {
      var running = now.scheduled_maintenances.filter(function (one) { return one.status !== "scheduled"; });
      shown = now.incidents.concat(running).map(function (one) { return one.id; }).sort().join(" ");
      if (!shown || closed()) hide();
      else if (!box) show("{{ name|escapejs }}");
    }).catch(function () {}); // no word from the status page is no reason to disturb this one
  }

  // Never lie over what somebody types in or is about to press.
  document.addEventListener("focusin", function (event) {
    if (!box || box.contains(event.target)) return;
    var a = box.getBoundingClientRect(), b = event.target.getBoundingClientRect();
    var over = b.right > a.left && b.left < a.right && b.bottom > a.top && b.top < a.bottom;
    box.style.visibility = over ? "hidden" : "visible";
  });
  addEventListener("message", function (event) {
    if (event.origin === origin && event.data && event.data.action === "dismissFrame") dismiss();
  });

  look();
  setInterval(function () { if (!document.hidden) look(); }, 120000);
})();
