// What follows from a submission: a line, a click, a command's form.
import { get, toast, Trouble } from "./page.js";
import { openForm } from "./form.js";
import { addPrivate, refresh, roomKey, showRooms, toEnd } from "./room.js";
import { submit } from "./submit.js";

export async function follow(told, source) {
  switch (told?.do) {
    case "form":
      if (told.place === roomKey()) openForm(told, source, follow); // a line stays in its box
      break;
    case "private":
      addPrivate(told.html, { source, replaces: told.replaces, key: told.key, place: told.place });
      break;
    case "posted":
      await Promise.all([refresh(), showRooms()]);
      if (told.place === roomKey()) toEnd();
      if (told.html) addPrivate(told.html, { source, key: told.key, place: told.place });
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
  const place = roomKey();
  try {
    await follow({ ...(await (await get("/form", { packed })).json()), place }, source);
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    toast(trouble.message);
  }
}
