import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceModel } from '../../lib/request/replace-model.ts';

const replaced: [name: string, before: string, after: string][] = [
  ['white space and order', '{ "a" : 1 ,\n"model"\t:  "old" , "b":[] }', '{ "a" : 1 ,\n"model"\t:  "new" , "b":[] }'],
  [
    'a model further down',
    '{"a":{"model":"old"},"b":["model","old"],"model":"old"}',
    '{"a":{"model":"old"},"b":["model","old"],"model":"new"}',
  ],
  ['model as a value', '{"a":"model","model":"old","b":"model"}', '{"a":"model","model":"new","b":"model"}'],
  ['escapes', '{"a":"\\"model\\":\\"x\\"}","model":"o\\"l\\\\d","b":"\\\\"}', '{"a":"\\"model\\":\\"x\\"}","model":"new","b":"\\\\"}'],
  ['numbers and literals as they were', '{"n":1.0e+2,"z":-0,"t":true,"model":"old"}', '{"n":1.0e+2,"z":-0,"t":true,"model":"new"}'],
  ['a model that is no text', '{"model":5,"a":"x"}', '{"model":5,"a":"x"}'],
  ['a model that is a list or an object', '{"model":["old"],"a":1}', '{"model":["old"],"a":1}'],
  ['no model', '{"a":"model"}', '{"a":"model"}'],
  ['two models, of which the last counts', '{"model":"x","model":"old"}', '{"model":"x","model":"new"}'],
  ['characters of several bytes', '{"a":"👋🏽\\ud83d","model":"ü","b":"你"}', '{"a":"👋🏽\\ud83d","model":"new","b":"你"}'],
  ['null before it', '{"a":null,"model":"old"}', '{"a":null,"model":"new"}'],
];

for (const [name, before, after] of replaced)
  test(`the model is replaced and every other byte stays: ${name}`, () => assert.equal(replaceModel(before, 'new'), after));
