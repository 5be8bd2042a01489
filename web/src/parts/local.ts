// Moments in the reader's own time; without this script a page tells them in UTC.

const FULL: Intl.DateTimeFormatOptions = { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" };

export function tellLocalTimes(): void {
  const words = new Intl.DateTimeFormat("en-US", FULL);
  for (const one of document.querySelectorAll<HTMLTimeElement>("time[datetime]")) one.textContent = words.format(new Date(one.dateTime));
}
