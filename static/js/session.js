// Warns before the session ends and offers to stay. Every tab of the person tells the others when it was used, so that
// a tab left open does not warn while work goes on beside it. Requests that only poll (X-Poll) do not count as use.

const dialog = document.getElementById("session");
const WARN_SECONDS = 120;
const SLACK_SECONDS = 65; // the server notes a use at most once a minute

if (dialog) {
  const part = (name) => dialog.querySelector(`[data-part="${name}"]`);
  const idle = Number(dialog.dataset.idle);
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let endsAt = 0;
  let closedAfterEnd = false;

  const used = (tell = true) => {
    endsAt = Date.now() + (idle - Math.min(SLACK_SECONDS, idle / 4)) * 1000;
    closedAfterEnd = false;
    if (dialog.open) dialog.close();
    if (tell) channel?.postMessage("used");
  };

  const show = (over) => {
    part("warning").hidden = over;
    part("over").hidden = !over;
    if (!dialog.open) dialog.showModal();
  };

  const look = () => {
    const left = Math.ceil((endsAt - Date.now()) / 1000);
    if (left <= 0) {
      if (!closedAfterEnd) show(true);
    } else if (left <= Math.min(WARN_SECONDS, idle / 3)) {
      const minutes = Math.floor(left / 60);
      part("left").textContent = `${minutes}:${String(left % 60).padStart(2, "0")}`;
      show(false);
    }
  };

  const stay = async () => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: dialog.dataset.token });
    try {
      const answer = await fetch(dialog.dataset.stay, { method: "POST", body, redirect: "manual" });
      if (answer.status === 204) used();
      else endsAt = 0;
    } catch {
      part("left").textContent = "…"; // no network for a moment: the count goes on and the person may try again
    }
  };

  part("stay").addEventListener("click", stay);
  part("close").addEventListener("click", () => {
    closedAfterEnd = true;
    dialog.close();
  });
  dialog.addEventListener("cancel", (event) => {
    if (!part("warning").hidden) {
      event.preventDefault();
      stay();
    }
  });
  part("again").href = `${dialog.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
  channel?.addEventListener("message", () => used(false));
  document.addEventListener("htmx:afterRequest", (event) => {
    const headers = event.detail.requestConfig?.headers ?? {};
    if (headers["X-Poll"] !== "1" && event.detail.successful) used();
  });
  document.addEventListener("rr:used", () => used()); // sent by scripts that save by fetch
  used();
  setInterval(look, 1000);
}
