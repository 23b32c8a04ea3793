// One submission: a line, a click, a form. The key is made once per submission, so that a double click is one.
import { newKey, post, toast, Trouble } from "./page.js";
import { waiting } from "./room.js";

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
