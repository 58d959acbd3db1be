/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_flow.cpp: see coverage_flow.h. What comes in goes out: a block's count is the sum of its incoming
 * edges and of its outgoing ones; whatever is alone unknown in such a sum becomes known. Exceptions do not
 * count as flow, because clang's derivations do not know them either.
 */
#include "coverage_flow.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/CFG.h"

using namespace llvm;

namespace furlong
{

enum { MAX_TERMS = 128, MAX_ROUNDS = 64 };

static void addScaled(Form &sum, const Form &term, int factor)
{
	for (auto [counter, times] : term) {
		auto entry = sum.try_emplace(counter, 0).first;
		entry->second += factor * times;
		if (entry->second == 0)
			sum.erase(entry);
	}
}

static Form formOf(Count count, const std::vector<Expression> &expressions, unsigned depth)
{
	Form form;
	if (count.encoded == 0 || depth > 4096)
		return form;
	uint32_t index = (count.encoded - 1) >> 1;
	if (!((count.encoded - 1) & 1))
		return {{index, 1}};
	const Expression &expression = expressions[index];
	form = formOf(expression.left, expressions, depth + 1);
	addScaled(form, formOf(expression.right, expressions, depth + 1), expression.add ? 1 : -1);
	return form;
}

Form Flow::ofCount(Count count, const std::vector<Expression> &expressions)
{
	return formOf(count, expressions, 0);
}

Flow::Flow(Function &function, const std::vector<Increment> &increments)
{
	for (BasicBlock &block : function) {
		SmallPtrSet<BasicBlock *, 4> seen;
		for (BasicBlock *next : successors(&block)) {
			if (!seen.insert(next).second)
				continue;
			bool exceptional = next->isEHPad();
			nodes[&block].out.push_back(all.size());
			nodes[next].in.push_back(all.size());
			all.push_back(
				{&block, next, exceptional ? std::optional<Form>(Form()) : std::nullopt});
		}
		nodes[&block];
	}
	for (const Increment &increment : increments) {
		/* A step that is computed counts an outcome without a block of its own ("x ? 1 : 2"). */
		auto *step = dyn_cast<ConstantInt>(increment.step);
		if (step && step->isOne() && increment.call->getFunction() == &function) {
			std::optional<Form> &form = nodes[increment.call->getParent()].form;
			if (!form)
				form = Form{{increment.index, 1}};
		}
	}
	for (int round = 0; round < MAX_ROUNDS; round++) {
		bool changed = false;
		for (BasicBlock &block : function)
			changed |= settle(nodes[&block]);
		if (!changed)
			break;
	}
}

/* One side of a block: if one term of "count = sum of edges" is missing, it follows. */
bool Flow::settleFrom(Node &node, const std::vector<size_t> &side)
{
	FlowEdge *unknown = nullptr;
	Form sum;
	if (side.empty())
		return false;
	for (size_t index : side) {
		FlowEdge &edge = all[index];
		if (edge.form)
			addScaled(sum, *edge.form, 1);
		else if (unknown)
			return false;
		else
			unknown = &edge;
	}
	if (sum.size() > MAX_TERMS || (unknown ? !node.form : node.form.has_value()))
		return false;
	if (!unknown) {
		node.form = std::move(sum);
		return true;
	}
	Form rest = *node.form;
	addScaled(rest, sum, -1);
	unknown->form = std::move(rest);
	return true;
}

bool Flow::settle(Node &node)
{
	bool changed = settleFrom(node, node.in);
	return settleFrom(node, node.out) | changed;
}

const Form *Flow::of(const BasicBlock *block) const
{
	auto node = nodes.find(block);
	return node != nodes.end() && node->second.form ? &*node->second.form : nullptr;
}

} // namespace furlong
