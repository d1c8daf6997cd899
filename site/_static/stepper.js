// Backpropagation, a step a click; without this script all steps stand on the page.
for (const figure of document.querySelectorAll("[data-stepper]")) {
  const steps = [...figure.querySelectorAll(".stepper-steps li")];
  const now = figure.querySelector(".stepper-now");
  const keys = figure.querySelector(".stepper-keys");
  const given = ["w", "x", "b"]; // their values are there from the start
  let done = 0;

  function show() {
    const shown = { value: new Set(given), gradient: new Set() };
    for (const step of steps.slice(0, done)) {
      for (const node of step.dataset.nodes.split(" ")) {
        shown[step.dataset.shows].add(node);
      }
    }
    const latest = done ? steps[done - 1].dataset : { nodes: "", shows: "" };
    for (const node of figure.querySelectorAll("[data-node]")) {
      const name = node.dataset.node;
      for (const kind of ["value", "gradient"]) {
        const text = node.querySelector(`.${kind}`);
        text.style.visibility = shown[kind].has(name) ? "visible" : "hidden";
      }
      node.classList.toggle("is-now", latest.nodes.split(" ").includes(name));
    }
    now.textContent = done
      ? steps[done - 1].textContent
      : "Only what is given has a value. Press Next.";
    figure.querySelector(".stepper-count").textContent = `${done} of ${steps.length}`;
  }

  function go(by) {
    done = by ? Math.min(steps.length, Math.max(0, done + by)) : 0;
    show();
  }

  for (const button of keys.querySelectorAll("button")) {
    button.addEventListener("click", () => go(Number(button.dataset.by)));
  }
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select");
    if (isTyping || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowRight") go(1);
    else if (event.key === "ArrowLeft") go(-1);
    else return;
    event.preventDefault();
  });
  figure.querySelector(".stepper-steps").hidden = true;
  keys.hidden = now.hidden = false;
  show();
}
