// One submission: a line, a click, a form. The key is made once per submission, so that a double click is one.
import { here, newKey, post, toast, Trouble } from "./page.js";
import { roomKey, sentFrom, waiting } from "./room.js";

export async function submit(path, body, source) {
  if (source?.dataset.busy === here.person) return null;
  const { person } = here;
  if (source) source.dataset.busy = person;
  const done = waiting();
  const key = newKey();
  const place = roomKey();
  sentFrom.set(key, place);
  try {
    return { ...(await post(path, { ...body, key })), key, place };
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    toast(trouble.message);
    return null;
  } finally {
    done();
    sentFrom.delete(key);
    if (source?.dataset.busy === person) delete source.dataset.busy;
  }
}
