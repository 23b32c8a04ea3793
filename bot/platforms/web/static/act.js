// One submission: a line, a click, a form. The key is made once per submission, so that a double click is one.
import { get, newKey, post, toast, Trouble } from "./page.js";
import { openForm } from "./form.js";
import { addPrivate, refresh, showRooms, toEnd, waiting } from "./room.js";

export async function submit(path, body, source) {
  if (source?.dataset.busy !== undefined) return null;
  if (source) source.dataset.busy = "";
  const done = waiting();
  const key = newKey();
  try {
    return { ...(await post(path, { ...body, key })), key };
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    toast(trouble.message);
    return null;
  } finally {
    done();
    if (source) delete source.dataset.busy;
  }
}

export async function follow(told, source) {
  switch (told?.do) {
    case "form":
      openForm(told, source);
      break;
    case "private":
      addPrivate(told.html, { source, replaces: told.replaces, key: told.key });
      break;
    case "posted":
      await Promise.all([refresh(), showRooms()]);
      toEnd();
      if (told.html) addPrivate(told.html, { source, key: told.key });
      break;
  }
}

export async function say(text, source) {
  const told = await submit("/say", { text }, source);
  await follow(told, source);
  return told;
}

export async function click(button) {
  const ref = button.closest("[data-message]")?.dataset.message;
  await follow(await submit("/call", { packed: button.dataset.call, ...(ref ? { ref } : {}) }, button), button);
}

export async function openCommand(packed, source) {
  try {
    await follow(await (await get("/form", { packed })).json(), source);
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    toast(trouble.message);
  }
}
