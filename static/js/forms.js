// Small helps for every form: one submit for a double click, a question before acts marked data-confirm, the error
// summary in focus, the open tab of a row that scrolls in view, menus closed by Escape or a click beside them.

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-many], [hx-post]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // The button is disabled only after the browser has read its name and value.
  setTimeout(() => event.submitter?.setAttribute("disabled", ""), 0);
});

// Coming back by the browser's button shows the page as it was left: let its forms be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[disabled]")) button.removeAttribute("disabled");
  }
});

const tab = document.querySelector(".rr-tabs [aria-current]");
if (tab) tab.closest(".rr-tabs").scrollLeft = tab.offsetLeft - 48;

document.querySelector("[data-focus]")?.focus();

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

function closeMenus(but) {
  for (const menu of document.querySelectorAll("details.rr-menu[open]")) if (menu !== but) menu.open = false;
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.rr-menu")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});
