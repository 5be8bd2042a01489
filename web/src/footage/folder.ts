// What is dropped: files, and folders with all that lies in them.

/** Every file of a drop; must be asked before the event is over. */
export async function filesOf(dropped: DataTransfer): Promise<File[]> {
  const held = [...dropped.items]
    .filter((item) => item.kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found = held.map(async ({ entry, file }) =>
    entry?.isDirectory ? within(entry as FileSystemDirectoryEntry) : file ? [file] : [],
  );
  return (await Promise.all(found)).flat();
}

async function within(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const found: File[] = [];
  for (;;) {
    // it hands out some at a time, and none when it is through
    const some = await new Promise<FileSystemEntry[]>((given, failed) => reader.readEntries(given, failed));
    if (!some.length) return found;
    for (const one of some) {
      if (one.isDirectory) found.push(...(await within(one as FileSystemDirectoryEntry)));
      else found.push(await new Promise<File>((given, failed) => (one as FileSystemFileEntry).file(given, failed)));
    }
  }
}
