import {
  float32Initializer,
  int64Initializer,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxInitializer,
  type OnnxNode,
} from './onnx-model.ts';

/**
 * Puts a graph together operator by operator, in the order in which it computes. Values go by names it
 * makes up; every method gives the name of the value it adds.
 */
export class OnnxGraphBuilder {
  readonly #initializers: OnnxInitializer[] = [];
  readonly #nodes: OnnxNode[] = [];

  /** Adds an operator with one output. */
  apply(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    const output = `${operator}_${this.#nodes.length}`;
    this.#nodes.push({ operator, inputs, outputs: [output], attributes });
    return output;
  }

  constant(constant: Omit<OnnxInitializer, 'name'>): string {
    const name = this.#nextConstant();
    this.#initializers.push({ ...constant, name });
    return name;
  }

  /** A float32 scalar. */
  number(value: number): string {
    const name = this.#nextConstant();
    this.#initializers.push(float32Initializer(name, [], Float32Array.of(value)));
    return name;
  }

  /** An int64 vector: a shape, axes, or an index. */
  integers(...values: readonly number[]): string {
    const name = this.#nextConstant();
    this.#initializers.push(int64Initializer(name, values));
    return name;
  }

  /** The graph as it stands, with `outputs` among the values added so far. */
  build(frame: Omit<OnnxGraph, 'initializers' | 'nodes'>): OnnxGraph {
    return { ...frame, initializers: [...this.#initializers], nodes: [...this.#nodes] };
  }

  #nextConstant(): string {
    return `constant_${this.#initializers.length}`;
  }
}
