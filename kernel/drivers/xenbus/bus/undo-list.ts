/** What a device has acquired, so that all of it is given back, the last first, whenever and however the device ends. */

/** Something that was acquired. */
export interface Resource {
  /** @blocks */
  giveBack(): void;
}

/** A place in the list. It is part of the resource, and lives as long. */
@struct
export class Undo {
  resource: Resource | null = null;
  /** The one that was acquired before. */
  older: Undo | null = null;
}

@struct
export class UndoList {
  newest: Undo | null = null;
  count: u64 = 0;

  /** `resource` is to be given back with the others. */
  add(undo: Undo, resource: Resource): void {
    assert(undo.resource === null, "a resource is in one list at a time");
    undo.resource = resource;
    undo.older = this.newest;
    this.newest = undo;
    this.count++;
  }

  /** @blocks */
  giveAllBack(): void {
    for (let undo = this.newest; undo !== null; undo = this.newest) {
      const resource = undo.resource;
      this.newest = undo.older;
      this.count--;
      undo.resource = null;
      resource?.giveBack();
    }
  }
}
