// The film on this page, as the player, the captions and the comments share it.

class Film {
  video = $state<HTMLVideoElement | undefined>();
  at = $state(0);
  seconds = $state(0);

  /** Go to a moment; and on from there, when somebody wants to hear it. */
  seek(seconds: number, play = false): void {
    if (!this.video) return;
    // The player follows; who presses again at once goes on from here, though the film has not come to it yet.
    this.at = Math.max(0, Math.min(seconds, this.seconds || seconds));
    if (play) void this.video.play().catch(() => undefined);
  }
}

export const film = new Film();
