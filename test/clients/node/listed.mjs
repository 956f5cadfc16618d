/** Every item of a paged listing, as `pick` shows it. */
export async function listed(pages, pick = (item) => item.name) {
  const items = [];
  for await (const item of pages) items.push(pick(item));
  return items;
}

/** How a call was refused: the status and code that the client gives its caller. */
export async function refusal(call) {
  try {
    await call;
    return "not refused";
  } catch (error) {
    return { status: error.statusCode, code: error.code ?? error.details?.error?.code };
  }
}
