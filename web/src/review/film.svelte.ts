// The film on this page, as the player, the captions and the comments share it.

class Film {
  video = $state<HTMLVideoElement | undefined>();
  at = $state(0);
  seconds = $state(0);

  /** Go to a moment; and on from there, when somebody wants to hear it. */
  seek(seconds: number, play = false): void {
    if (!this.video) return;
    // Both at once: who presses again is counted from here, though the film has not come to it yet.
    this.at = this.video.currentTime = Math.max(0, Math.min(seconds, this.seconds || seconds));
    if (play) void this.video.play().catch(() => undefined);
  }

  /** Go some seconds on, or back, from the very picture that is shown: what the page tells may lie a moment behind it. */
  step(by: number): void {
    if (this.video) this.seek(this.video.currentTime + by);
  }
}

export const film = new Film();
