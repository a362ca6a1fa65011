/** The answer is there, and the workflows that it asks for are done: what is left is done at once. */
export interface Ready<Answer> {
  readonly kind: 'ready';
  readonly answer: Answer;
}
