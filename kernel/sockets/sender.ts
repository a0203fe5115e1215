/** What can send frames one message after the other. */
interface FrameSocket {
  send(frames: Buffer[]): Promise<void>;
}

/**
 * Makes a socket accept messages at any time: ZeroMQ.js sockets take the next message only when the one before is sent.
 *
 * @param socket - the socket, with sendHighWaterMark 0: one that has to wait for room can miss that there is room, and waits for ever
 * @returns a function that sends, in the order of the calls
 */
export function orderedSender(socket: FrameSocket): (frames: Buffer[]) => void {
  const waiting: Buffer[][] = [];
  let sending = false;
  const drain = async (): Promise<void> => {
    sending = true;
    for (let frames = waiting.shift(); frames; frames = waiting.shift()) {
      try {
        await socket.send(frames);
      } catch {
        // A closed socket or a front end that left: nobody is there to be told.
      }
    }
    sending = false;
  };
  return (frames) => {
    waiting.push(frames);
    if (!sending) void drain();
  };
}
