import { Model } from 'objection';

/** A task that a teacher gave to a class. */
export class Homework extends Model {
  static override tableName = 'homework';
  static override relationMappings = () => ({
    photos: {
      relation: Model.HasManyRelation,
      modelClass: HomeworkPhoto,
      join: { from: 'homework.id', to: 'homework_photos.homework_id' },
    },
    ticks: { relation: Model.HasManyRelation, modelClass: Tick, join: { from: 'homework.id', to: 'ticks.homework_id' } },
  });
  static override jsonSchema = {
    type: 'object',
    required: ['subject', 'title'],
    properties: {
      subject: { type: 'string', minLength: 1 },
      title: { type: 'string', minLength: 1 },
      minutes: { type: 'integer' },
    },
  };

  declare id: string;
  declare school_id: string;
  declare class_id: string;
  /** Null once the teacher was erased. */
  declare given_by: string | null;
  declare subject: string;
  declare title: string;
  declare details: string;
  /** `2026-09-01` */
  declare due_on: string;
  declare minutes: number;
  declare photos?: HomeworkPhoto[];
  declare ticks?: Tick[];
}

export class HomeworkPhoto extends Model {
  static override tableName = 'homework_photos';
  declare id: string;
  declare school_id: string;
  declare homework_id: string;
  declare photo_id: string;
}

/** A pupil says that the task is done. */
export class Tick extends Model {
  static override tableName = 'ticks';
  static override idColumn = ['homework_id', 'pupil_id'];
  declare homework_id: string;
  declare pupil_id: string;
  declare school_id: string;
}

export const models = { Homework, HomeworkPhoto, Tick };
