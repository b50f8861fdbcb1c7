// What was typed stays in this tab until it is sent. With its id, so that sending twice is harmless.

const KEY = "rasd.report";
const IDENTITY = ["id", "observed_at"];

/** Restore an unsent report into *form*, keep what is typed from now on; `clear` when it is sent. */
export function keepDraft(form) {
  const fields = [...form.elements].filter(
    ({ name, type }) => name && type !== "file" && name !== "csrfmiddlewaretoken",
  );
  const came = fields.some((field) => !IDENTITY.includes(field.name) && isFilled(field));
  if (!came) restore(fields);
  const keep = () => {
    const filled = fields.filter(isFilled).map(({ name, value }) => [name, value]);
    sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(filled)));
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  return { clear: () => sessionStorage.removeItem(KEY) };
}

function isFilled({ type, checked, value }) {
  return type === "radio" ? checked : Boolean(value);
}

function restore(fields) {
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "{}");
  for (const field of fields) {
    if (!(field.name in kept)) continue;
    if (field.type === "radio") field.checked = field.value === kept[field.name];
    else field.value = kept[field.name];
  }
}
