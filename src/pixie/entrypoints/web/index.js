const pill = document.getElementById("state");
const steps = document.querySelector(".steps");

const tell = (state) => {
  if (pill.dataset.state === state) return;
  pill.dataset.state = state;
  pill.querySelector("b").textContent = pill.dataset[state];
};

const look = async () => {
  try {
    const seen = await (await fetch("/health/ready")).json();
    tell(seen.status);
    for (const part of seen.dependencies) {
      const row = document.querySelector(`.parts [data-name="${part.name}"]`);
      row.dataset.ok = part.ok;
      row.querySelector("span").textContent = row.dataset[part.ok ? "fine" : "away"];
    }
  } catch {
    tell("away");
  }
};

const copy = async (code) => {
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch { // no clipboard for pages that came over plain HTTP
    getSelection().selectAllChildren(code);
    document.execCommand("copy");
  }
};

for (const code of steps.querySelectorAll("code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = steps.dataset.copy;
  button.addEventListener("click", async () => {
    await copy(code);
    button.textContent = steps.dataset.copied;
    setTimeout(() => { button.textContent = steps.dataset.copy; }, 2000);
  });
  code.parentElement.before(button);
}

setInterval(() => document.hidden || look(), 10000);
for (const moment of ["online", "offline", "focus"]) addEventListener(moment, look);
